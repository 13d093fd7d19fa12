import { parseFilter } from '@weir/flow';
import type { CauseRow } from '../../analysis/events/causes.js';
import { plainAddress } from '../../flow/engine-address.js';
import { filterSql, Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { firstSql } from '../queries/failed.js';
import type { Step } from '../rollup/step.js';
import { scaledSmallSql } from '../schema/sampling.js';
import { serviceName } from './service-name.js';
import { recordsOfLook } from './sums.js';

export interface CausesAsked extends Step {
  /** In the filter language: the traffic in question. */
  readonly filter: string;
  /** What is shared out. */
  readonly measure: 'octets' | 'packets' | 'flows';
  /** The host that the traffic in question is of: its other ends are the causes. Undefined: sources are. */
  readonly host?: string | undefined;
}

/** Parts that are told, the largest. */
const MOST = 1000;

/** The parts of the traffic of these batches that fit the filter. */
export async function causeRows(store: Store, asked: CausesAsked): Promise<CauseRow[]> {
  const parameters = new Parameters();
  const of = (name: string) =>
    `${scaledSmallSql(name)} + ${scaledSmallSql(`reverse${name[0]!.toUpperCase()}${name.slice(1)}`)}`;
  const value = asked.measure === 'flows' ? firstSql : of(asked.measure);
  const isHost = asked.host === undefined ? 'false' : `sourceAddress = toIPv6(${parameters.add(asked.host, 'String')})`;
  const filter = asked.filter === '' ? 'true' : filterSql(parseFilter(asked.filter), parameters);
  const rows = await store.query<{ address: string; service: number; as: number; value: number }>(
    `SELECT toString(if(${isHost}, destinationAddress, sourceAddress)) AS address, protocol * 65536 + if(${isHost} OR NOT isService, destinationPort, sourcePort) AS service,
        any(if(${isHost}, destinationAs, sourceAs)) AS as, toFloat64(sum(${value})) AS value
      FROM (SELECT *, recordBegin, recordEnd, repeated, sourcePort > 0 AND sourcePort < 1024 AND destinationPort >= 1024 AS isService FROM flows WHERE ${recordsOfLook(store, asked)})
      WHERE ${filter} GROUP BY address, service ORDER BY value DESC LIMIT ${MOST}`,
    parameters.values,
  );
  return rows.map(({ address, service, as, value: amount }) => ({
    ...{ host: plainAddress(address), service: serviceName(service), value: amount },
    ...(as === 0 ? {} : { network: { name: `AS${as}`, filter: `as ${as}` } }),
  }));
}
