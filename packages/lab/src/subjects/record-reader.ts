import { keyText } from '../truth/flow.js';
import type { ExportedRecord } from './exported.js';

/** One line of `weir read --format json`; keys of `record` are IANA names, `scope` is there in Options Data. */
export interface ReadLine {
  exportTime: string;
  record: Record<string, unknown>;
  scope?: object;
}

type Fields = ReadLine['record'];
type Counter = 'packets' | 'octets' | 'reversePackets' | 'reverseOctets';

const counterNames: Readonly<Record<Counter, readonly [delta: string, total: string]>> = {
  packets: ['packetDeltaCount', 'packetTotalCount'],
  octets: ['octetDeltaCount', 'octetTotalCount'],
  reversePackets: ['reversePacketDeltaCount', 'reversePacketTotalCount'],
  reverseOctets: ['reverseOctetDeltaCount', 'reverseOctetTotalCount'],
};
const counters = Object.keys(counterNames) as Counter[];
const units = ['Milliseconds', 'Microseconds', 'Nanoseconds', 'Seconds'];
/** flowEndReason of a record of a flow that goes on (RFC 5102 section 5.11.3: active timeout). */
export const activeTimeout = 2;

/** Makes {@link ExportedRecord}s of what `weir read` prints. */
export class RecordReader {
  readonly #records: ExportedRecord[] = [];
  /** Records that tell their times since sysUpTime was 0, which Options Data may tell later. */
  readonly #relative: { record: ExportedRecord; start: number; end: number; boot?: number }[] = [];
  /** What each flow that counts from its beginning has told so far. */
  readonly #totals = new Map<string, { [C in Counter]?: number }>();

  #bootTime: number | undefined;

  /** @param netflowBoots of {@link netflowBootTimes} */
  constructor(private readonly netflowBoots: ReadonlyMap<number, number> = new Map()) {}

  take({ exportTime, record: fields, scope }: ReadLine): void {
    const own = timeOf(fields.systemInitTimeMilliseconds);
    if (scope !== undefined) {
      this.#bootTime ??= own;
      return;
    }
    const boot = own ?? this.netflowBoots.get(Math.floor(Date.parse(exportTime) / 1000));
    const record = withKey(fields);
    if (record === undefined) return;
    const reason = numberOf(fields.flowEndReason);
    if (reason !== undefined) record.endReason = reason;
    this.#count(record, fields);
    this.#times(record, fields, boot);
    this.#records.push(record);
  }

  finish(): ExportedRecord[] {
    for (const { record, start, end, boot = this.#bootTime } of this.#relative) {
      if (boot !== undefined) Object.assign(record, { start: boot + start, end: boot + end });
    }
    return this.#records;
  }

  /** Total counters become those since the flow's last record: it may have ended since, and have begun anew. */
  #count(record: ExportedRecord, fields: Fields): void {
    let counted: { [C in Counter]?: number } | undefined;
    for (const counter of counters) {
      const [delta, total] = counterNames[counter];
      const since = numberOf(fields[delta]);
      const inAll = numberOf(fields[total]);
      if (since !== undefined) record[counter] = since;
      else if (inAll !== undefined) {
        counted ??= this.#totals.get(keyText(record)) ?? {};
        const before = counted[counter] ?? 0;
        record[counter] = inAll < before ? inAll : inAll - before;
        counted[counter] = inAll;
      }
    }
    if (counted === undefined) return;
    if (record.endReason === activeTimeout) this.#totals.set(keyText(record), counted);
    else this.#totals.delete(keyText(record));
  }

  #times(record: ExportedRecord, fields: Fields, boot: number | undefined): void {
    const start = absolute(fields, 'flowStart');
    const end = absolute(fields, 'flowEnd');
    if (start !== undefined) record.start = start;
    if (end !== undefined) record.end = end;
    const [startUp, endUp] = [numberOf(fields.flowStartSysUpTime), numberOf(fields.flowEndSysUpTime)];
    if (start !== undefined || startUp === undefined || endUp === undefined) return;
    this.#relative.push({ record, start: startUp, end: endUp, ...(boot === undefined ? {} : { boot }) });
  }
}

/** The Flow Key; undefined where the record tells of no flow between two addresses. */
function withKey(fields: Fields): ExportedRecord | undefined {
  const source = fields.sourceIPv4Address ?? fields.sourceIPv6Address;
  const destination = fields.destinationIPv4Address ?? fields.destinationIPv6Address;
  const protocol = numberOf(fields.protocolIdentifier);
  if (source === undefined || destination === undefined || protocol === undefined) return undefined;
  const addresses = { protocol, source: String(source), destination: String(destination) };
  const sourcePort = numberOf(fields.sourceTransportPort) ?? 0;
  const destinationPort = numberOf(fields.destinationTransportPort) ?? 0;
  if (protocol !== 1 && protocol !== 58) return { ...addresses, sourcePort, destinationPort };
  const icmpType = icmpTypeOf(fields, destinationPort);
  return { ...addresses, sourcePort: 0, destinationPort: 0, ...(icmpType === undefined ? {} : { icmpType }) };
}

/** By an element of its own, or as NetFlow has it: type and code in place of the destination port. */
function icmpTypeOf(fields: Fields, destinationPort: number): number | undefined {
  const type = numberOf(fields.icmpTypeIPv4 ?? fields.icmpTypeIPv6);
  if (type !== undefined) return type;
  const both = numberOf(fields.icmpTypeCodeIPv4 ?? fields.icmpTypeCodeIPv6) ?? destinationPort;
  return both === 0 ? undefined : both >> 8;
}

function absolute(fields: Fields, name: 'flowStart' | 'flowEnd'): number | undefined {
  const unit = units.find(each => fields[name + each] !== undefined);
  return unit === undefined ? undefined : timeOf(fields[name + unit]);
}

/** RFC 3339 to milliseconds; Date knows no smaller part than whole ones. */
function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const time = Date.parse(value);
  if (Number.isNaN(time)) return undefined;
  return value.length <= 24 ? time : time + Number(`0.${value.slice(23, -1)}`);
}

/** Counters beyond 2^53-1 are text. */
function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : undefined;
}
