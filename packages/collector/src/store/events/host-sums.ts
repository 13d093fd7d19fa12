import type { HostSums } from '../../analysis/detect/interval.js';
import { plainAddress } from '../../flow/engine-address.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { withinSql } from '../queries/local.js';
import type { Step } from '../rollup/step.js';
import { scaledSmallSql } from '../schema/sampling.js';
import { recordsOfLook } from './sums.js';

/** Hosts that are told at once, those with most traffic. */
const MOST = 20_000;
/** A record's sums count as those of a minute. */
const MINUTE = 60_000;

export interface HostSumsAsked extends Step {
  /** Networks whose hosts are meant. */
  readonly localNetworks: readonly string[];
  readonly ignored: readonly string[];
}

/** The sums of local hosts, of the records of these batches. */
export async function hostSums(store: Store, asked: HostSumsAsked): Promise<HostSums[]> {
  const parameters = new Parameters();
  const side = (address: string, sent: string, received: string) =>
    `SELECT if(startsWith(toString(${address}), '::ffff:'), ${address}, IPv6CIDRToRange(${address}, 64).1) AS host, exporter, ${clipped(sent)} AS s, ${clipped(received)} AS r
      FROM flows WHERE ${recordsOfLook(store, asked)} AND ${withinSql(address, asked.localNetworks, parameters)} AND NOT ${withinSql(address, asked.ignored, parameters)}`;
  const rows = await store.query<HostSums>(
    `SELECT toString(host) AS host, toString(any(exporter)) AS exporter, sum(s) AS sent, sum(r) AS received
      FROM (${side('sourceAddress', 'octets', 'reverseOctets')} UNION ALL ${side('destinationAddress', 'reverseOctets', 'octets')})
      GROUP BY host ORDER BY sent + received DESC LIMIT ${MOST}`,
    parameters.values,
  );
  return rows.map(row => ({ ...row, host: nameOf(plainAddress(row.host)) }));
}

function clipped(counter: string): string {
  return `${scaledSmallSql(counter)} * least(1, ${MINUTE} / greatest(1, toUnixTimestamp64Milli(recordEnd) - toUnixTimestamp64Milli(recordBegin)))`;
}

function nameOf(address: string): string {
  return address.includes(':') ? `${address}/64` : address;
}
