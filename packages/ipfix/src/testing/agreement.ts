import { elements } from '../elements/registry.js';
import type { DataType } from '../elements/types.js';
import { decodeValue } from '../elements/value.js';
import type { MessageHeader } from '../message/format.js';
import type { DataSet } from '../message/visitor.js';
import { locatorOf } from '../template/locator.js';
import { flatten, type PdmlField } from './pdml.js';

/** A value of ours: of which element, where it stands in the Message, and what we make of it. */
export interface OurField {
  readonly name: string;
  readonly type: DataType;
  readonly units: string;
  readonly at: number;
  readonly size: number;
  readonly value: unknown;
  readonly hex: string;
}

/** The fields of each Data Record of a Set that have octets. */
export function fieldsIn({ template, bytes, start, end }: DataSet): OurField[][] {
  const locator = locatorOf(template);
  const records: OurField[][] = [];
  for (let at = start; at < end; ) {
    const next = locator.locate(bytes, at, end);
    const fields = template.fields.map(({ id, enterprise }, i): OurField => {
      const element = elements.byId(enterprise, id);
      const [position, size] = [locator.positions[i]!, locator.lengths[i]!];
      const type = element?.type ?? 'octetArray';
      return {
        name: element?.name ?? `${enterprise}:${id}`,
        type,
        units: element?.units ?? '',
        at: position,
        size,
        value: decodeValue(type, bytes, position, size),
        hex: Buffer.from(bytes.subarray(position, position + size)).toString('hex'),
      };
    });
    records.push(fields.filter(field => field.size > 0));
    at = next;
  }
  return records;
}

/** tshark's names for what a Message header holds. */
function headerFields(header: MessageHeader): [names: string[], value: number][] {
  const { version, exportTime, sequence, observationDomainId, sysUpTime } = header;
  const domain: [string[], number][] =
    version === 5
      ? [
          [['cflow.engine_type'], observationDomainId >> 8],
          [['cflow.engine_id'], observationDomainId & 255],
        ]
      : [[['cflow.od_id', 'cflow.source_id'], observationDomainId]];
  return [
    [['cflow.version'], version],
    [['cflow.exporttime', 'cflow.unix_secs'], exportTime],
    [['cflow.sequence'], sequence],
    ...domain,
    ...(sysUpTime === undefined ? [] : [[['cflow.sysuptime'], sysUpTime.milliseconds / 1000] as [string[], number]]),
  ];
}

/** A line for each difference between a Message header of ours and of tshark's. */
export function headerDifferences(header: MessageHeader, message: PdmlField): string[] {
  const theirs = flatten({
    ...message,
    children: message.children.filter(each => !/^(Flow)?Set |^pdu /.test(each.show)),
  });
  return headerFields(header).flatMap(([names, value]) => {
    const show = theirs.find(each => names.includes(each.name))?.show;
    return show !== undefined && Number(show) === value ? [] : [`${names[0]} ${value}: ${show}`];
  });
}

const PER_SECOND: Readonly<Record<string, number>> = { milliseconds: 1e3, microseconds: 1e6, nanoseconds: 1e9 };

/** "Oct  9, 2015 09:47:49.599000000 UTC" in milliseconds. */
function absolute(show: string): number {
  return Date.parse(show.replace(/(\.\d{3})\d*/, '$1'));
}

/** Whether what tshark shows is our value; undefined where it shows nothing but octets. */
function sameValue(ours: OurField, show: string): boolean | undefined {
  const { type, value } = ours;
  if (type.startsWith('dateTime')) return absolute(show) === Date.parse(String(value));
  if (type === 'boolean') return show === (value === true ? '1' : '0') || show === String(value);
  if (type.startsWith('unsigned') || type.startsWith('signed')) {
    if (/^-?\d+\.\d+$/.test(show)) return Math.round(Number(show) * (PER_SECOND[ours.units] ?? 1)) === Number(value);
    return /^(-?\d+|0x[0-9a-f]+)$/i.test(show) ? BigInt(show) === BigInt(String(value)) : undefined;
  }
  // tshark has no address for the scope "System", only octets.
  if (type === 'ipv4Address' && show.includes(':')) return undefined;
  if (type === 'ipv4Address' || type === 'ipv6Address' || type === 'macAddress' || type === 'string')
    return show === value;
  return undefined;
}

/** The one of tshark's fields that shows ours, the pieces that it cuts ours into, or none. */
function matching(flow: Flow, { at, size, type, hex }: OurField): PdmlField[] {
  const whole = flow.fields.find(each => each.at === at && each.size === size);
  if (whole !== undefined) return [whole];
  // tshark marks the first half of some times in milliseconds, and prints the whole.
  const half = flow.fields.find(each => each.at === at && type === 'dateTimeMilliseconds' && each.size === 4);
  if (half !== undefined) return [half];
  const misplaced = flow.misplaced.find(each => each.size === size && each.value === hex);
  if (misplaced !== undefined) return [misplaced];
  return flow.fields.filter(each => each.at >= at && each.at + each.size <= at + size);
}

/** A record of tshark's. */
interface Flow {
  readonly fields: readonly PdmlField[];
  /** tshark adds the record's offset twice where flowEndSysUpTime comes before flowStartSysUpTime: by their octets. */
  readonly misplaced: readonly PdmlField[];
}

function flowOf(record: PdmlField): Flow {
  // The lengths of values of variable length are no values, and have proved themselves where those are found.
  const fields = flatten(record).filter(each => !each.name.startsWith('cflow.string_len_'));
  const outside = (each: PdmlField) => each.name === 'cflow.timeend' && each.at >= record.at + record.size;
  return { fields: fields.filter(each => !outside(each)), misplaced: fields.filter(outside) };
}

/** How a record of ours compares with tshark's: a line for each difference, and how many values were the same. */
export function differences(record: readonly OurField[], theirRecord: PdmlField): { same: number; lines: string[] } {
  const flow = flowOf(theirRecord);
  const lines: string[] = [];
  let same = 0;
  for (const ours of record) {
    const found = matching(flow, ours);
    const verdict = found.length === 1 ? sameValue(ours, found[0]!.show) : undefined;
    const agrees = verdict ?? found.map(each => each.value).join('') === ours.hex;
    const shown = found.map(each => `${each.name} ${each.show}`).join(', ');
    if (agrees) same++;
    else lines.push(`${ours.name} ${String(ours.value)} at ${ours.at}: ${shown || 'nothing'}`);
  }
  const missed = (each: PdmlField) =>
    !record.some(ours => each.at + each.size > ours.at && each.at < ours.at + ours.size);
  lines.push(...flow.fields.filter(missed).map(each => `nothing: ${each.name} ${each.show} at ${each.at}`));
  return { same, lines };
}
