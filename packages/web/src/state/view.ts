import { RANGES, type Range } from '../throughput/series.js';

/** What the reader chose to look at. It lives in the address, so that a view can be bookmarked and sent. */
export interface View {
  range: Range;
  tab: 'newest' | 'largest';
  filter: string;
}

/** Longest filter that is taken from an address, in characters. */
const LONGEST_FILTER = 2000;

/** A View from an address's query; whatever is not understood is the default. */
export function parseView(query: string): View {
  const parameters = new URLSearchParams(query);
  const range = RANGES.find(minutes => String(minutes) === parameters.get('range'));
  return {
    range: range ?? 5,
    tab: parameters.get('tab') === 'largest' ? 'largest' : 'newest',
    filter: (parameters.get('filter') ?? '').slice(0, LONGEST_FILTER),
  };
}

/** The query of a View, with its question mark, without what is default; empty for the default View. */
export function printView(view: View): string {
  const parameters = new URLSearchParams();
  if (view.range !== 5) parameters.set('range', String(view.range));
  if (view.tab !== 'newest') parameters.set('tab', view.tab);
  if (view.filter !== '') parameters.set('filter', view.filter);
  return parameters.size > 0 ? `?${parameters}` : '';
}
