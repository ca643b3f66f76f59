// Public pages follow the theme chosen in the admin, or the system's. Loaded in <head> without
// defer, so that a dark page never flashes white.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = "auto";
    try {
      chosen = JSON.parse(localStorage.getItem("adminTheme")) || "auto";
    } catch {
      // Private windows may refuse storage; the system's theme is right then.
    }
    document.documentElement.classList.toggle("dark", chosen === "dark" || (chosen === "auto" && dark.matches));
  };
  apply();
  dark.addEventListener("change", apply);
})();
