/** Light, dark, or as the system says; kept in this browser. */
export const THEMES = ["light", "dark", "system"] as const;
type Theme = (typeof THEMES)[number];

/** How tall the rows of the grid are: 24, 30 or 36 px. */
export const DENSITIES = ["compact", "regular", "roomy"] as const;
export type Density = (typeof DENSITIES)[number];

const KEY = "fullcourt.theme";
const DENSITY_KEY = "fullcourt.density";

export function setTheme(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  }
}

/** The other theme than the one that shows. */
export function toggleTheme(): void {
  const { colorScheme } = getComputedStyle(document.documentElement);
  const isSystem = colorScheme !== "light" && colorScheme !== "dark";
  const isDark = isSystem ? window.matchMedia("(prefers-color-scheme: dark)").matches : colorScheme === "dark";
  setTheme(isDark ? "light" : "dark");
}

const watchers = new Set<() => void>();

export function setDensity(density: Density): void {
  document.documentElement.dataset.density = density;
  localStorage.setItem(DENSITY_KEY, density);
  for (const watch of watchers) watch();
}

/** What useSyncExternalStore takes to follow the density. */
export const densityStore = {
  subscribe(watch: () => void) {
    watchers.add(watch);
    return () => void watchers.delete(watch);
  },
  get: (): Density => DENSITIES.find((one) => one === document.documentElement.dataset.density) ?? "regular",
  getOfServer: (): Density => "regular",
};

/** Runs before the first paint, so that a page never shows in another theme or density first. */
export const THEME_SCRIPT = `try{const d=document.documentElement.dataset;for(const n of ["theme","density"]){const v=localStorage.getItem("fullcourt."+n);if(v)d[n]=v}}catch{}`;
