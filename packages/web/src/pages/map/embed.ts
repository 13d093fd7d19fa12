import { hrefOf, type View } from '../../state/view.js';

/** What a community puts into its page, to have the map there: as the reader sees it now, and live. */
export function embedCode(view: View, page: string): string {
  const { layers, cam, base, kind, keep } = view;
  const query = hrefOf({ page: 'map', embed: '1', layers, cam, base, kind, keep });
  const address = new URL(query, page).href.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
  return `<iframe src="${address}" width="100%" height="600" style="border:0" loading="lazy" title="Mesh"></iframe>`;
}
