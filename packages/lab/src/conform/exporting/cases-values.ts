import { isUtf8 } from 'node:buffer';
import { elementOf, REVERSE_ENTERPRISE } from '../../wire/elements.js';
import { readUnsigned, valueAt } from '../../wire/read.js';
import type { ReadRecord, ReadValue } from '../../wire/read-types.js';
import { fieldName } from '../../wire/template.js';
import { NTP_EPOCH } from '../../wire/value.js';
import { isBiflow } from './cases-templates.js';
import { type ExporterCase, each } from './exporter-case.js';
import { type Heard, type HeardMessage, type Placed, recordsOf, templatesOf } from './heard.js';

interface PlacedValue {
  readonly record: ReadRecord;
  readonly value: ReadValue;
  readonly octets: Buffer;
}

/** Every value of these types. */
function* valuesOfType(heard: Heard, ...types: readonly string[]): Generator<Placed<PlacedValue>> {
  for (const { session, message, it: record } of recordsOf(heard)) {
    for (const value of record.values) {
      if (!types.includes(elementOf(value.field.enterprise, value.field.id)?.type ?? '')) continue;
      const octets = message.bytes.subarray(value.at, value.at + value.length);
      yield { session, message, it: { record, value, octets } };
    }
  }
}

/** Values: RFC 7011 section 6, RFC 5103. */
export const valueCases: readonly ExporterCase[] = [
  {
    id: 'strings',
    title: 'Strings are UTF-8',
    section: 'RFC 7011 6.1.6',
    level: 'MUST',
    looks: 'every value of type string',
    judge: heard =>
      each(valuesOfType(heard, 'string'), 'no string came', ({ it: { value, octets } }) =>
        isUtf8(octets) ? undefined : `${fieldName(value.field)} of the octets ${octets.toString('hex')}`,
      ),
  },
  {
    id: 'booleans',
    title: 'Truth values are 1 or 2',
    section: 'RFC 7011 6.1.5',
    level: 'MUST',
    looks: 'every value of type boolean',
    judge: heard =>
      each(valuesOfType(heard, 'boolean'), 'no truth value came', ({ it: { value, octets } }) =>
        octets[0] === 1 || octets[0] === 2 ? undefined : `${fieldName(value.field)} is ${octets[0]}`,
      ),
  },
  {
    id: 'microseconds-low-bits',
    title: 'The lowest 11 bits of microseconds are zero',
    section: 'RFC 7011 6.1.9',
    level: 'SHOULD',
    looks: 'every value of type dateTimeMicroseconds',
    judge: heard =>
      each(valuesOfType(heard, 'dateTimeMicroseconds'), 'no time in microseconds came', ({ it: { value, octets } }) =>
        octets.length < 8 || (octets.readUInt32BE(4) & 0x7ff) === 0
          ? undefined
          : `${fieldName(value.field)} has some of them set`,
      ),
  },
  {
    id: 'flow-times',
    title: 'No Flow ends before it starts, or after its export',
    section: 'RFC 7012 3, RFC 7011 5.1',
    level: 'SHOULD',
    looks: 'flowStart and flowEnd of every record, and its Export Time',
    judge: heard => each(timedRecords(heard), 'no Flow Record with both times came', problemOfTimes),
  },
  {
    id: 'biflow-key',
    title: 'Records with reverse elements have a Directional Key Field',
    section: 'RFC 5103 4',
    level: 'MUST',
    looks: 'every Template with Reverse Information Elements',
    judge: heard =>
      each(biflows(heard), 'no Biflow came', ({ it }) => {
        const has = it.fields.some(each => each.enterprise === 0 && /source|destination/i.test(fieldName(each)));
        return has ? undefined : `Template ${it.id} has reverse elements, but neither a source nor a destination`;
      }),
  },
  {
    id: 'biflow-reversible',
    title: 'Only elements that can be reversed are',
    section: 'RFC 5103 6.1',
    level: 'MUST',
    looks:
      'every Reverse Information Element: not of identifiers, configuration and statistics of processes, padding, biflowDirection',
    judge: heard =>
      each(biflows(heard), 'no Biflow came', ({ it }) => {
        const wrong = it.fields.filter(each => each.enterprise === REVERSE_ENTERPRISE && isIrreversible(each.id));
        return wrong.length === 0 ? undefined : `Template ${it.id} has ${wrong.map(fieldName).join(', ')}`;
      }),
  },
  {
    id: 'biflow-forward',
    title: 'A reverse element has its forward counterpart beside it',
    section: 'RFC 5103 2, 6.1',
    level: 'SHOULD',
    looks: 'every Template with Reverse Information Elements',
    judge: heard =>
      each(biflows(heard), 'no Biflow came', ({ it }) => {
        const forward = new Set(it.fields.filter(({ enterprise }) => enterprise === 0).map(({ id }) => id));
        const alone = it.fields.filter(each => each.enterprise === REVERSE_ENTERPRISE && !forward.has(each.id));
        return alone.length === 0 ? undefined : `Template ${it.id} has ${alone.map(fieldName).join(', ')} alone`;
      }),
  },
  {
    id: 'biflow-direction',
    title: 'Over UDP each Biflow tells how its direction was found',
    section: 'RFC 5103 6.3',
    level: 'SHOULD',
    looks: 'biflowDirection, 0 to 3, in every Biflow',
    judge: heard =>
      each(
        [...recordsOf(heard)].filter(({ it }) => isBiflow(it.template)),
        'no Biflow came',
        ({ session, message, it }) => {
          const direction = valueAt(it, 'biflowDirection');
          if (direction === undefined)
            return session.transport === 'udp' ? `Template ${it.template.id} has no biflowDirection` : undefined;
          const value = readUnsigned(message.bytes, direction);
          return value <= 3n ? undefined : `biflowDirection ${value}`;
        },
      ),
  },
];

function* biflows(heard: Heard): ReturnType<typeof templatesOf> {
  for (const each of templatesOf(heard)) if (isBiflow(each.it)) yield each;
}

/** RFC 5103 section 6.1 with the sections of RFC 5102 that it names, by number. */
const IRREVERSIBLE = new Set([
  ...[148, 145, 149, 137], // flowId, templateId, observationDomainId, commonPropertiesId
  ...[130, 131, 211, 212, 213, 214, 215, 216, 217, 173], // 5.2, configuration of processes
  ...[41, 40, 42, 163, 164, 165, 166, 167, 168], // 5.3, statistics of processes
  ...[210, 239], // paddingOctets, biflowDirection
]);

function isIrreversible(id: number): boolean {
  return IRREVERSIBLE.has(id);
}

interface Times {
  readonly start: number;
  readonly end: number;
}

function* timedRecords(heard: Heard): Generator<Placed<Times>> {
  for (const { session, message, it } of recordsOf(heard)) {
    const [start, end] = [timeOf(message, it, 'flowStart'), timeOf(message, it, 'flowEnd')];
    if (it.template.scopes === undefined && start !== undefined && end !== undefined) {
      yield { session, message, it: { start, end } };
    }
  }
}

function problemOfTimes({ message, it: { start, end } }: Placed<Times>): string | undefined {
  if (end < start) return `a Flow ends ${start - end} ms before it starts`;
  const late = end - (message.header.exportTime + 1) * 1000;
  // A second of grace: the Export Time is cut to seconds, and clocks are read twice.
  return late > 1000 ? `a Flow ends ${late} ms after its export` : undefined;
}

/** Milliseconds since the Unix epoch; undefined where the record has no such time, or none that stands alone. */
function timeOf({ bytes }: HeardMessage, record: ReadRecord, prefix: string): number | undefined {
  for (const unit of ['Milliseconds', 'Seconds', 'Microseconds', 'Nanoseconds']) {
    const place = valueAt(record, prefix + unit);
    if (place === undefined) continue;
    const value = readUnsigned(bytes, place);
    if (unit === 'Milliseconds') return Number(value);
    if (unit === 'Seconds') return Number(value) * 1000;
    return Number(((value >> 32n) - NTP_EPOCH) * 1000n + (((value & 0xffffffffn) * 1000n) >> 32n));
  }
  return undefined;
}
