import { useState } from "react";

import { chooseTheme, chosenTheme, type Theme } from "./theme";
import { useMedia } from "./useMedia";

export function ThemeSwitch() {
  const systemIsLight = useMedia("(prefers-color-scheme: light)");
  const [chosen, setChosen] = useState(chosenTheme);
  const theme: Theme = chosen ?? (systemIsLight ? "light" : "dark");
  const other: Theme = theme === "dark" ? "light" : "dark";
  const change = () => {
    chooseTheme(other);
    setChosen(other);
  };
  return (
    <button type="button" className="quiet-button" onClick={change} aria-label={`Use the ${other} theme`}>
      <span aria-hidden="true">{theme === "dark" ? "☾" : "☀"}</span>
    </button>
  );
}
