/** Light, dark, or as the system says; kept in this browser. */
export const THEMES = ["light", "dark", "system"] as const;
type Theme = (typeof THEMES)[number];

const KEY = "fullcourt.theme";

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

/** Runs before the first paint, so that a page never shows in the wrong theme first. */
export const THEME_SCRIPT = `try{const t=localStorage.getItem("${KEY}");if(t)document.documentElement.dataset.theme=t}catch{}`;
