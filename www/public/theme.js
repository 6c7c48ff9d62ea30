// Runs before the first paint, so that the night colours do not flash by day. "auto" follows the system, also when it changes.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    let chosen = 'auto';
    try {
      chosen = localStorage.getItem('portolan-theme') ?? 'auto';
    } catch {
      // Storage may be forbidden; the system's choice stands.
    }
    const theme = chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light';
    document.documentElement.dataset.theme = theme;
  };
  dark.addEventListener('change', apply);
  addEventListener('portolan-theme', apply);
  apply();
})();
