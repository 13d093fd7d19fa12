import type { FlowRow } from '../../api/types.js';
import { labelOf, namesIn, valueText } from '../../fields/fields.js';
import { endpoint, endReason, icmpWord, translated, unanswered } from '../../flows/words.js';
import { formatDuration, formatMoment } from '../../format/time.js';
import { formatCount, formatOctets } from '../../format/units.js';
import { t } from '../../i18n/index.js';

/** A column of the table of flows. */
export interface Column {
  name: string;
  label: string;
  /** Width in pixels, below which it is not made. */
  width: number;
  /** Share of what is left of the width. */
  share: number;
  /** Numbers stand at the right. */
  number: boolean;
  /** As the collector has it; undefined where no record says so. */
  value(flow: FlowRow): unknown;
  /** As people read it. */
  text(flow: FlowRow, now: number): string;
}

/** The columns that a table begins with. */
export const USUAL = ['src', 'dst', 'proto', 'octets', 'reverseoctets', 'start', 'duration', 'reason'] as const;
export const MOST_COLUMNS = 24;

type Shape = Partial<Pick<Column, 'width' | 'share' | 'text'>> & Pick<Column, 'value'>;

const counter =
  (value: (flow: FlowRow) => number | undefined, format: (value: number) => string) =>
  (flow: FlowRow): string => {
    const count = value(flow);
    return count === undefined ? t.flows.notCounted : format(count);
  };

const sent = (flow: FlowRow) => flow.octets;
const back = (flow: FlowRow) => flow.reverseOctets;
const packets = (flow: FlowRow) => flow.packets;
const packetsBack = (flow: FlowRow) => flow.reversePackets;

/** What every flow has, without a question for more. */
const OWN: Readonly<Record<string, Shape>> = {
  src: { value: flow => flow.source, text: flow => endpoint(flow.source, flow.sourcePort), width: 190, share: 3 },
  dst: {
    value: flow => flow.destination,
    text: flow => endpoint(flow.destination, flow.destinationPort),
    width: 190,
    share: 3,
  },
  srcport: { value: flow => flow.sourcePort },
  dstport: { value: flow => flow.destinationPort },
  proto: {
    value: flow => flow.protocol,
    text: flow => [flow.protocolName.toUpperCase(), icmpWord(flow)].filter(Boolean).join(' '),
    width: 78,
    share: 1,
  },
  octets: { value: sent, text: counter(sent, formatOctets), width: 104, share: 1 },
  reverseoctets: {
    value: back,
    text: flow => (unanswered(flow) ? t.flows.noAnswer : counter(back, formatOctets)(flow)),
    width: 134,
    share: 1,
  },
  packets: { value: packets, text: counter(packets, formatCount) },
  reversepackets: { value: packetsBack, text: counter(packetsBack, formatCount) },
  start: {
    value: flow => new Date(flow.start).toISOString(),
    text: (flow, now) => formatMoment(flow.start, now),
    width: 126,
  },
  end: {
    value: flow => new Date(flow.end).toISOString(),
    text: (flow, now) => formatMoment(flow.end, now),
    width: 126,
  },
  duration: { value: flow => flow.end - flow.start, text: flow => formatDuration(flow.end - flow.start), width: 104 },
  reason: { value: flow => flow.flowEndReason, text: flow => endReason(flow.flowEndReason).word, width: 122, share: 1 },
  natsrc: { value: flow => flow.natSource, text: flow => translated(flow).source ?? '–', width: 180, share: 2 },
  natdst: {
    value: flow => flow.natDestination,
    text: flow => translated(flow).destination ?? '–',
    width: 180,
    share: 2,
  },
  exporter: { value: flow => flow.exporter, width: 130, share: 1 },
  domain: { value: flow => flow.observationDomainId },
  records: { value: flow => flow.records, text: flow => formatCount(flow.records) },
};

const NUMBERS = ['octets', 'reverseoctets', 'packets', 'reversepackets', 'start', 'end', 'duration', 'records'];

/** The columns of a View, by its list of names; the usual ones where it has none. */
export function columnsOf(list: string): Column[] {
  const names = namesIn(list, MOST_COLUMNS);
  return (names.length > 0 ? names : USUAL).map(columnOf);
}

/** The names for a View; empty where they are the usual ones in their order. */
export function listOf(names: readonly string[]): string {
  const list = names.join(',');
  return list === USUAL.join(',') ? '' : list;
}

/** The names that the API has to be asked for. */
export function asked(columns: readonly Column[]): string[] {
  return columns.map(({ name }) => name).filter(name => !Object.hasOwn(OWN, name));
}

function columnOf(name: string): Column {
  const own = Object.hasOwn(OWN, name) ? OWN[name]! : undefined;
  // An interface has its name beside its number.
  const value = own?.value ?? (flow => flow.columns?.[`${name}Name`] ?? flow.columns?.[name]);
  return {
    name,
    label: labelOf(name),
    width: own?.width ?? 126,
    share: own?.share ?? (own ? 0.5 : 1),
    number: NUMBERS.includes(name),
    value,
    text: own?.text ?? ((flow, now) => missing(value(flow)) ?? valueText(name, value(flow), now)),
  };
}

function missing(value: unknown): string | undefined {
  return value === undefined || value === null ? '–' : undefined;
}

/** The columns as CSS has them in a grid, and the width that they need at least. */
export function templateOf(columns: readonly Column[]): { template: string; least: number } {
  return {
    template: columns.map(({ width, share }) => `minmax(${width}px, ${share}fr)`).join(' '),
    least: columns.reduce((sum, { width }) => sum + width, 0),
  };
}
