/** Light, dark, or as the system says; kept in this browser. */
export const THEMES = ["light", "dark", "system"] as const;
type Theme = (typeof THEMES)[number];

const KEY = "fullcourt.theme";

/** Sets the theme of the page and remembers it. */
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
  const shown = getComputedStyle(document.documentElement).colorScheme;
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const current = shown === "light" || shown === "dark" ? shown : system;
  setTheme(current === "dark" ? "light" : "dark");
}

/** Runs before the first paint, so that a page never shows in the wrong theme first. */
export const THEME_SCRIPT = `try{const t=localStorage.getItem("${KEY}");if(t)document.documentElement.dataset.theme=t}catch{}`;
