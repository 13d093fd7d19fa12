/** The pages, each a part of its own that is loaded when it is looked at. */
export const PAGES = [
  'overview',
  'flows',
  'events',
  'quality',
  'session',
  'host',
  'network',
  'exporters',
  'map',
  'billing',
  'report',
  'setup',
] as const;
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
  /** What the traffic is told apart by, in the words of the page; empty for what the page begins with. */
  by: string;
  /** The address of the host that is looked at. */
  host: string;
  /** The network that is looked at, as a prefix; empty for all of the traffic. */
  net: string;
  /** The number of the Flow that is looked at. */
  flow: string;
  /** Names of fields that a table has beside those that it always has, with commas between. */
  columns: string;
  /** Name of the probe that is set up; empty for the first one. */
  probe: string;
  /** The account that is looked at, and its month as 2026-10; empty for all of them, and for the month that goes on. */
  account: string;
  month: string;
  /** What the report is of; empty for the last week, "span" for the time of the View. */
  period: '' | 'day' | 'month' | 'span';
  /** Of the map: the time that it shows in milliseconds, empty for now; and how much of the history its bar reaches over, empty for all. */
  at: string;
  span: string;
  /** Topologies that are dim or off, where the reader looks ("zoom/latitude/longitude"), what lies below, and as what it is drawn. */
  layers: string;
  cam: string;
  base: string;
  kind: '' | 'graph';
  /** Key of the node or link that is looked at, and which nodes there are. */
  pick: string;
  keep: string;
  /** "1" where the map is a part of another page: without header, and with a small legend. */
  embed: '' | '1';
}

type MapPart = 'at' | 'span' | 'layers' | 'cam' | 'base' | 'kind' | 'pick' | 'keep' | 'embed';

/** What a View shows, in milliseconds since the epoch. `live` where it ends now and goes on. */
export interface Span {
  from: number;
  to: number;
  live: boolean;
}

const DEFAULT: View = {
  page: 'overview',
  from: '-5m',
  to: '',
  filter: '',
  order: 'newest',
  compare: '',
  by: '',
  host: '',
  net: '',
  flow: '',
  columns: '',
  probe: '',
  account: '',
  month: '',
  period: '',
  at: '',
  span: '',
  layers: '',
  cam: '',
  base: '',
  kind: '',
  pick: '',
  keep: '',
  embed: '',
};
const COMPARED = ['day', 'week'] as const;
const REPORTED = ['day', 'month', 'span'] as const;
/** Longest filter that is taken from an address, in characters. */
const LONGEST_FILTER = 2000;
/** What the texts of an address may be made of; what they mean is for the page and the API to say. */
const TEXTS = {
  by: /^[A-Za-z0-9,:.]{1,200}$/,
  host: /^[0-9A-Fa-f:.]{2,45}$/,
  net: /^[0-9A-Fa-f:.]{2,45}\/\d{1,3}$/,
  flow: /^[\w-]{1,64}$/,
  columns: /^[\w,:.]{1,500}$/,
  probe: /^[\w.-]{1,64}$/,
  account: /^[\w.-]{1,64}$/,
  month: /^\d{4}-\d{2}$/,
  at: /^\d{1,15}$/,
  span: /^(?:1h|24h|7d|30d)$/,
  layers: /^[\w.,%!~*'()-]{1,1000}$/,
  cam: /^[\d./-]{1,40}$/,
  base: /^(?:world|tiles|plan|blank)$/,
  pick: /^[^|\n]{1,100}\|[nl]\|.{1,200}$/,
  keep: /^(?:online|gateways|loaded)$/,
} as const;
/** Milliseconds; less shows nothing, and what is longer has too many days for any plot. */
export const SHORTEST_SPAN = 5_000;
export const LONGEST_SPAN = 3_700 * 86_400_000;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A View from an address's query; whatever is not understood is the default. */
export function parseView(query: string): View {
  const parameters = new URLSearchParams(query);
  const text = (name: string): string => parameters.get(name) ?? '';
  const of = (name: keyof typeof TEXTS): string => (TEXTS[name].test(text(name)) ? text(name) : DEFAULT[name]);
  return {
    page: PAGES.find(page => page === text('page')) ?? DEFAULT.page,
    ...parseTimes(text('from') || oldRange(text('range')), text('to')),
    filter: text('filter').slice(0, LONGEST_FILTER),
    // Links of version 0.1 had "tab".
    compare: COMPARED.find(name => name === text('compare')) ?? DEFAULT.compare,
    order: [text('order'), text('tab')].includes('largest') ? 'largest' : DEFAULT.order,
    by: of('by'),
    host: of('host'),
    net: of('net'),
    flow: of('flow'),
    columns: of('columns'),
    ...{ probe: of('probe'), account: of('account'), month: of('month') },
    period: REPORTED.find(name => name === text('period')) ?? DEFAULT.period,
    ...parseMap(of, text),
  };
}

/** The part of a View that is the map's. */
function parseMap(of: (name: keyof typeof TEXTS) => string, text: (name: string) => string): Pick<View, MapPart> {
  return {
    ...{ at: of('at'), span: of('span'), layers: of('layers'), cam: of('cam'), base: of('base') },
    ...{ pick: of('pick'), keep: of('keep') },
    kind: text('kind') === 'graph' ? 'graph' : '',
    embed: text('embed') === '1' ? '1' : '',
  };
}

/** The query of a View, with its question mark, without what is default; empty for the default View. */
export function printView(view: View): string {
  const parameters = new URLSearchParams();
  for (const name of Object.keys(DEFAULT) as (keyof View)[]) {
    if (view[name] !== DEFAULT[name]) parameters.set(name, view[name]);
  }
  return parameters.size > 0 ? `?${parameters}` : '';
}

/** Where a link to a View leads that is as default but for `part`: relative, so that it holds behind any proxy. */
export function hrefOf(part: Partial<View>): string {
  return printView({ ...DEFAULT, ...part }) || './';
}

/** What a link takes along, so that it leads to the same time. */
export function timesIn({ from, to }: Pick<View, 'from' | 'to'>): Pick<View, 'from' | 'to'> {
  return { from, to };
}

/** What `view` shows at a time. */
export function spanOf(view: Pick<View, 'from' | 'to'>, now: number): Span {
  const to = view.to === '' ? now : Number(view.to);
  const length = lengthOf(view.from);
  return { from: length === undefined ? Number(view.from) : to - length, to, live: view.to === '' };
}

/** What of the records is asked for: whole milliseconds, without an end where the View goes on. */
export function askedSpan(
  view: Pick<View, 'from' | 'to' | 'filter'>,
  now: number,
): { from: number; to?: number; filter: string } {
  const { from, to, live } = spanOf(view, now);
  return { from: Math.floor(from), filter: view.filter, ...(!live && { to }) };
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
