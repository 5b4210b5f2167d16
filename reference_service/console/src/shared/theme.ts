export type Theme = "dark" | "light";

const KEY = "marketplace-theme";

/** The theme that a person has chosen here, if any; else the system's holds. */
export function chosenTheme(): Theme | undefined {
  try {
    const kept = window.localStorage.getItem(KEY);
    return kept === "dark" || kept === "light" ? kept : undefined;
  } catch {
    return undefined; // storage is forbidden: the system's theme it is
  }
}

export function applyTheme(theme: Theme | undefined): void {
  if (theme) document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
}

export function chooseTheme(theme: Theme): void {
  applyTheme(theme);
  try {
    window.localStorage.setItem(KEY, theme);
  } catch {
    // Not kept, but it holds until the page is left.
  }
}
