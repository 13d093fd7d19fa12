/** The pages, each a part of its own that is loaded when it is looked at. */
export const PAGES = ['overview'] as const;
export type PageName = (typeof PAGES)[number];

/** What the reader chose to look at. It lives in the address, so that a view can be bookmarked and sent. */
export interface View {
  page: PageName;
  /** Times as the API has them: milliseconds since the epoch, or relative like "-15m"; `to` is empty for now. */
  from: string;
  to: string;
  filter: string;
  order: 'newest' | 'largest';
  /** What the plot is compared with: the day or the week before, or nothing. */
  compare: '' | 'day' | 'week';
}

/** What a View shows, in milliseconds since the epoch. `live` where it ends now and goes on. */
export interface Span {
  from: number;
  to: number;
  live: boolean;
}

const DEFAULT: View = { page: 'overview', from: '-5m', to: '', filter: '', order: 'newest', compare: '' };
const COMPARED = ['day', 'week'] as const;
/** Longest filter that is taken from an address, in characters. */
const LONGEST_FILTER = 2000;
/** Milliseconds; less shows nothing, and what is longer has too many days for any plot. */
export const SHORTEST_SPAN = 5_000;
export const LONGEST_SPAN = 3_700 * 86_400_000;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A View from an address's query; whatever is not understood is the default. */
export function parseView(query: string): View {
  const parameters = new URLSearchParams(query);
  const text = (name: string): string => parameters.get(name) ?? '';
  return {
    page: PAGES.find(page => page === text('page')) ?? DEFAULT.page,
    ...parseTimes(text('from') || oldRange(text('range')), text('to')),
    filter: text('filter').slice(0, LONGEST_FILTER),
    // Links of version 0.1 had "tab".
    compare: COMPARED.find(name => name === text('compare')) ?? DEFAULT.compare,
    order: [text('order'), text('tab')].includes('largest') ? 'largest' : DEFAULT.order,
  };
}

/** The query of a View, with its question mark, without what is default; empty for the default View. */
export function printView(view: View): string {
  const parameters = new URLSearchParams();
  for (const name of ['page', 'from', 'to', 'filter', 'order', 'compare'] as const) {
    if (view[name] !== DEFAULT[name]) parameters.set(name, view[name]);
  }
  return parameters.size > 0 ? `?${parameters}` : '';
}

/** Where a link to a View leads that is as default but for `part`: relative, so that it holds behind any proxy. */
export function hrefOf(part: Partial<View>): string {
  return printView({ ...DEFAULT, ...part }) || './';
}

/** What `view` shows at a time. */
export function spanOf(view: View, now: number): Span {
  const to = view.to === '' ? now : Number(view.to);
  const length = lengthOf(view.from);
  return { from: length === undefined ? Number(view.from) : to - length, to, live: view.to === '' };
}

/** Milliseconds that a relative time like "-15m" is ago; undefined for another. */
export function lengthOf(time: string): number | undefined {
  const parts = /^-(\d{1,9})([smhdw])$/.exec(time);
  return parts === null ? undefined : Number(parts[1]) * UNITS[parts[2]!]!;
}

/** Times that can be shown: from a length ago on until now, or both in milliseconds. */
function parseTimes(from: string, to: string): Pick<View, 'from' | 'to'> {
  const length = lengthOf(from);
  if (to === '' && length !== undefined && length >= SHORTEST_SPAN && length <= LONGEST_SPAN) return { from, to };
  const absolute = /^\d{1,15}$/.test(from) && /^\d{1,15}$/.test(to);
  const distance = Number(to) - Number(from);
  if (absolute && distance >= SHORTEST_SPAN && distance <= LONGEST_SPAN) return { from, to };
  return { from: DEFAULT.from, to: DEFAULT.to };
}

/** Links of version 0.1 had "range", in minutes. */
function oldRange(range: string): string {
  return ['5', '15', '60'].includes(range) ? `-${range}m` : '';
}
