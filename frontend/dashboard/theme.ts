// Night is the default; the choice is remembered in this browser.
const KEY = "safepassage theme";

export function applyTheme(): void {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch { /* storage is closed to us: night */ }
  document.documentElement.dataset["theme"] = kept === "day" ? "day" : "night";
}

export function switchTheme(): void {
  const next = document.documentElement.dataset["theme"] === "day" ? "night" : "day";
  try {
    localStorage.setItem(KEY, next);
  } catch { /* not remembered */ }
  document.documentElement.dataset["theme"] = next;
}
