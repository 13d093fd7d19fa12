type Look = 'light' | 'dark';

const KEY = 'weir-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** Light or dark: as the system says until the reader says otherwise. */
export class Theme {
  look = $state<Look>('light');
  #chosen: Look | undefined;

  constructor() {
    const kept = localStorage.getItem(KEY);
    if (kept === 'light' || kept === 'dark') this.#chosen = kept;
    system.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  /** The other look. Going back to what the system says is following the system again. */
  toggle(): void {
    const other: Look = this.look === 'dark' ? 'light' : 'dark';
    this.#chosen = other === (system.matches ? 'dark' : 'light') ? undefined : other;
    if (this.#chosen === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, this.#chosen);
    this.#apply();
  }

  #apply(): void {
    this.look = this.#chosen ?? (system.matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = this.look;
  }
}
