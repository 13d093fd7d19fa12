// The look of the manual: as the system says until the reader says otherwise, here or on the other pages (state/theme.svelte.ts).
const KEY = 'weir-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const chosen = () => localStorage.getItem(KEY);
const apply = () => {
  document.documentElement.dataset.theme = chosen() ?? (system.matches ? 'dark' : 'light');
};

apply();
system.addEventListener('change', apply);
document.addEventListener('DOMContentLoaded', () => {
  document.getElementById('theme').addEventListener('click', () => {
    const other = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    if (other === (system.matches ? 'dark' : 'light')) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, other);
    apply();
  });
});
