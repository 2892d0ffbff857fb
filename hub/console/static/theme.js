// Light or dark before the first paint: what was chosen on this computer, else what the system says.
(() => {
  const chosen = localStorage.getItem("poga-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
