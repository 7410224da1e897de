// Light or dark: as around the page, until somebody chooses. Their choice stays in this browser.

import { createMemory } from "../state/memory.js";
import { action } from "./action.js";
import { isDark } from "./palette.js";

const memory = createMemory("for all models");

export function createTheme(page) {
  const chosen = memory.read("theme", null);
  if (chosen) page.dataset.theme = chosen;
  const button = action("theme", "Light or dark", () => {
    page.dataset.theme = isDark(page) ? "light" : "dark";
    memory.write("theme", page.dataset.theme);
  });
  return { button };
}
