import type { SeriesResponse } from '../../http/types.js';
import type { Store } from '../client.js';
import { directed } from '../rollup/rollups.js';
import { bucketsOf, changeRows, ratesOf, timesOf } from './changes.js';
import type { Selection } from './selection.js';

/**
 * Rates over time. Each record's counters are spread evenly over its own interval, so that a report every five seconds or
 * a flow that is reported once at its end make no spikes; a record of no length goes whole into its bucket.
 * @param stepSeconds length of a bucket; buckets begin at multiples of it.
 * @param localNetworks prefixes: "in" is towards them.
 * @throws FilterError, WeirError
 */
export async function series(
  store: Store,
  selection: Selection,
  stepSeconds: number,
  localNetworks: readonly string[],
): Promise<SeriesResponse> {
  const buckets = bucketsOf(selection, stepSeconds);
  const rows = await changeRows(store, selection, buckets, localNetworks);
  const [inOctets, outOctets, inPackets, outPackets] = directed.map(name => ratesOf(rows, name, buckets));
  return {
    step: buckets.step / 1000,
    times: timesOf(buckets),
    inOctets: inOctets!,
    outOctets: outOctets!,
    inPackets: inPackets!,
    outPackets: outPackets!,
  };
}
