import { parseNetwork } from '@weir/flow';
import { WeirError } from '../../error.js';
import { engineAddress } from '../../flow/engine-address.js';
import type { Parameters } from '../../flow/filter-sql.js';

/** SQL: whether a record's source sends towards the local networks; between two local hosts it does not. */
export function towardsSql(localNetworks: readonly string[], parameters: Parameters): string {
  const [to, from] = ['destinationAddress', 'sourceAddress'].map(column =>
    withinSql(column, localNetworks, parameters),
  );
  return `(${to} AND NOT ${from})`;
}

/** SQL: whether an address is in one of the networks. */
export function withinSql(column: string, networks: readonly string[], parameters: Parameters): string {
  const within = networks.flatMap(network => {
    const ranges = parseNetwork(network);
    if (ranges === undefined)
      throw new WeirError(`${JSON.stringify(network)} is no network; write it as 10.0.0.0/8 or fd00::/8`);
    return ranges.map(
      ({ low, high }) =>
        `${column} BETWEEN ${parameters.add(engineAddress(low), 'IPv6')} AND ${parameters.add(engineAddress(high), 'IPv6')}`,
    );
  });
  return within.length === 0 ? 'false' : `(${within.join(' OR ')})`;
}
