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

  /** The same without a step back to what was: of what changes by itself, or with each move of the hand. */
  replace(part: Partial<View>): void {
    this.view = { ...this.view, ...part };
    history.replaceState(null, '', location.pathname + printView(this.view));
  }

  /** Follows a link to another View without loading the pages anew, where the reader asked for no more than that. */
  follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || event.defaultPrevented || event.button !== 0 || link.target !== '') return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const { origin, pathname, search, hash } = new URL(link.href);
    if (origin !== location.origin || pathname !== location.pathname || hash !== '') return;
    if (link.hasAttribute('download')) return;
    event.preventDefault();
    this.change(parseView(search));
    scrollTo(0, 0);
  }
}
