import { resolveName } from '@weir/flow';
import { plainAddress } from '../../flow/engine-address.js';
import { Parameters } from '../../flow/filter-sql.js';
import { presentSql } from '../../flow/present.js';
import type { FlowRow, SessionObserver } from '../../http/types.js';
import type { Store } from '../client.js';
import { counted as counters } from '../rollup/rollups.js';
import { flowSql } from '../schema/flows.js';
import { flowCountSql } from './counted.js';
import { ofFlowSql } from './flow-id.js';
import { labelInterfaces } from './interface-labels.js';
import type { Subject } from './related-flows.js';
import { sameFlow, sameTimeSql } from './same-flow.js';

/** What counts a direction where a record tells of the Flow turned round. */
const turned = {
  octets: 'reverseOctets',
  packets: 'reversePackets',
  reverseOctets: 'octets',
  reversePackets: 'packets',
} as const;
const interfaces = ['ingressInterface', 'egressInterface'] as const;
/** Of whom sums are told. */
const MOST_OBSERVERS = 100;

type Row = Record<string, string | number | null>;

/** Who tells of the Flow: its own exporter first, then others, whose records are of the same ends and the same time. */
export async function observersOf(store: Store, { flow, id, from }: Subject): Promise<readonly SessionObserver[]> {
  const parameters = new Parameters();
  const same = sameFlow(flow, parameters) ?? { is: ofFlowSql(id, parameters), isForward: 'true' };
  const where = `${sameTimeSql(flow, from, parameters)} AND ${same.is}`;
  const rows = await store.query<Row>(observersSql(where, same.isForward, parameters), parameters.values);
  const observers = new Map<string, SessionObserver>();
  for (const row of rows) addTo(observers, row);
  const found = [...observers.values()].sort((a, b) => Number(isOf(b, flow)) - Number(isOf(a, flow)));
  await labelInterfaces(store, {}, labelled, found);
  return found;
}

const labelled = ['exporter', 'observationDomainId', ...interfaces].map(name => ({
  name,
  operand: resolveName(name)!,
}));

function isOf(observer: SessionObserver, { exporter, observationDomainId }: FlowRow): boolean {
  return observer.exporter === exporter && observer.observationDomainId === observationDomainId;
}

/** Sums of each Flow first: what totals come to is known Flow by Flow. */
function observersSql(where: string, isForward: string, parameters: Parameters): string {
  const has = (name: string) => presentSql(resolveName(name)!.bits);
  const sums = counters.map(name => `if(countIf(${has(name)}) > 0, ${flowCountSql(name)}, NULL) AS f_${name}`);
  const newest = interfaces.map(
    name =>
      `if(countIf(${has(name)}) > 0, argMaxIf(${name}, (recordEnd, exportTime), ${has(name)}), NULL) AS f_${name}`,
  );
  return `SELECT exporter AS sender, observationDomainId AS domain, forward,
      ${[...counters.map(name => `sum(f_${name}) AS s_${name}`), ...interfaces.map(name => `argMax(f_${name}, last) AS s_${name}`)].join(', ')}
    FROM (SELECT exporter, observationDomainId, ${isForward} AS forward, ${flowSql} AS id, max(recordEnd) AS last, ${[...sums, ...newest].join(', ')}
      FROM flows WHERE ${where} GROUP BY exporter, observationDomainId, forward, id)
    GROUP BY exporter, observationDomainId, forward ORDER BY exporter, observationDomainId, forward DESC
    LIMIT ${parameters.add(2 * MOST_OBSERVERS, 'UInt64')}`;
}

function addTo(observers: Map<string, SessionObserver>, row: Row): void {
  const exporter = plainAddress(String(row.sender));
  const observationDomainId = Number(row.domain);
  const key = `${exporter} ${observationDomainId}`;
  const observer: SessionObserver = observers.get(key) ?? { exporter, observationDomainId };
  observers.set(key, observer);
  const isForward = Number(row.forward) === 1;
  for (const name of counters) {
    const sum = row[`s_${isForward ? name : turned[name]}`];
    if (sum !== null && sum !== undefined) observer[name] = (observer[name] ?? 0) + Number(sum);
  }
  if (!isForward) return;
  for (const name of interfaces) {
    const number = row[`s_${name}`];
    if (number !== null && number !== undefined) observer[name] = Number(number);
  }
}
