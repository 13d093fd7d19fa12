import { parseView, printView, type View } from './view.js';

/** The View of this page, kept in step with the address both ways. */
export class Page {
  view = $state.raw<View>(parseView(location.search));

  constructor() {
    // Drops what is not part of a View, such as a token that has done its work.
    history.replaceState(null, '', location.pathname + printView(this.view));
    addEventListener('popstate', () => {
      this.view = parseView(location.search);
    });
  }

  change(part: Partial<View>): void {
    const next = { ...this.view, ...part };
    if (printView(next) !== printView(this.view)) history.pushState(null, '', location.pathname + printView(next));
    this.view = next;
  }
}
