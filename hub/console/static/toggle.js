// Light or dark, by a button; kept on this computer.

const dark = matchMedia("(prefers-color-scheme: dark)");

export function watchTheme() {
  document.getElementById("theme").addEventListener("click", ({ currentTarget, detail }) => {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
    root.dataset.theme = isDark ? "light" : "dark";
    localStorage.setItem("poga-theme", root.dataset.theme);
    if (detail > 0) currentTarget.blur(); // clicked: the next Enter is for an alarm
  });
}
