import { classes, type Group } from '../../mesh/attribution/group.js';
import { counted } from '../rollup/rollups.js';
import { FRACTION, spansSql } from '../rollup/spread.js';
import { recordsOf, type Step, scaledSmall } from '../rollup/step.js';

const MINUTE = 60_000;
/** A column that may be absent is zero then. */
const addresses = {
  source: 'sourceAddress',
  destination: 'destinationAddress',
  natSource: 'natSourceAddress',
  natDestination: 'natDestinationAddress',
  exporter: 'exporter',
  nextHop: 'nextHop',
} as const;
const numbers = {
  class: `multiIf(protocol = 6, 0, protocol = 17, 1, protocol IN (1, 58), 2, ${classes.indexOf('other')})`,
  ingress: 'ingressInterface',
  egress: 'egressInterface',
  duplicate: 'duplicate',
} as const;
const macs = { sourceMac: 'sourceMac', destinationMac: 'destinationMac' } as const;

const columns = { ...addresses, ...numbers, ...macs };
const keys = Object.keys(columns) as (keyof typeof columns)[];

/** A row of the query, in short names, as there are many of them: keys in their order, minutes of begin and end, records, counters, and parts. */
export type GroupRow = Record<`t${number}`, string | number> &
  Record<'b' | 'e' | 'c0' | 'c1' | 'c2' | 'c3' | 'f' | 'r', number> & { readonly n: string };

/** The query of a step's records, summed up as far as they are alike for a mesh, in the order of the minutes in which they end. */
export function groupsSql(step: Step): string {
  const selected = keys.map((key, i) => `${columns[key]} AS k${i}`);
  const scaled = counted.map(name => `${scaledSmall(name)} AS n_${name}`);
  const names = keys.map((_, i) => `k${i}`);
  const source = `SELECT ${[...names, '0 AS towards', ...counted.map(name => `n_${name} AS ${name}`), 'recordBegin', 'recordEnd'].join(', ')}
    FROM (SELECT ${[...selected, ...scaled, 'recordBegin', 'recordEnd'].join(', ')} FROM flows WHERE ${recordsOf(step)})`;
  const spans = spansSql({ source, keys: names, step: String(MINUTE), origin: '0' });
  const part = (name: string) =>
    `sum((octets + reverseOctets) * ${name}) / greatest(sum(octets + reverseOctets), 1) / ${FRACTION}`;
  const shown = keys.map((key, i) =>
    key in addresses
      ? `toString(k${i}) AS t${i}`
      : key in macs
        ? `if(k${i} = 0, '', lower(MACNumToString(k${i}))) AS t${i}`
        : `k${i} AS t${i}`,
  );
  return `SELECT ${shown.join(', ')}, toInt32(b0) AS b, toInt32(b1) AS e, count() AS n, ${counted.map((name, i) => `toFloat64(sum(${name})) AS c${i}`).join(', ')},
      ${part('ofFirst')} AS f, ${part('ofEach')} AS r
    FROM (${spans}) GROUP BY ${names.join(', ')}, b0, b1 ORDER BY e`;
}

export function groupOf(row: GroupRow): Group {
  const address = (i: number) => (row[`t${i}`] === '::' ? '' : (row[`t${i}`] as string));
  const [source, destination] = [address(0), address(1)];
  const after = (i: number, before: string) => (row[`t${i}`] === before ? '' : address(i));
  return {
    ...{ source, destination, natSource: after(2, source), natDestination: after(3, destination) },
    ...{ exporter: address(4), nextHop: address(5) },
    ...{ class: row.t6 as number, ingress: row.t7 as number, egress: row.t8 as number, duplicate: row.t9 === 1 },
    ...{ sourceMac: row.t10 as string, destinationMac: row.t11 as string },
    ...{ octets: row.c0, packets: row.c1, reverseOctets: row.c2, reversePackets: row.c3 },
    ...{ begin: row.b, end: row.e, ofFirst: row.f, ofEach: row.r },
  };
}
