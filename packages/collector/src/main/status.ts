import type { CollectingStatus } from '../collecting/messages.js';
import type { CollectingProcess } from '../collecting/process.js';
import type { StoringCounters } from '../http/context.js';
import type { Status } from '../http/types.js';
import type { Store } from '../store/client.js';
import type { StoreSize } from './size.js';
import type { Storing } from './storing.js';

/** What of the status stays as it is. */
export type Constant = Pick<Status, 'version' | 'startedAt' | 'databases'> & { readonly storeUrl: string };

/** The parts of a collector that have a status. */
export interface Parts {
  readonly store: Store;
  readonly size: StoreSize;
  readonly storing: Storing;
  readonly collecting: CollectingProcess;
}

/** The status as of now. */
export function statusOf({ storeUrl, ...constant }: Constant, { store, size, storing, collecting }: Parts): Status {
  const { status } = collecting;
  return {
    ...constant,
    now: Date.now(),
    listening: [...collecting.listening],
    store: { url: storeUrl, ...store.status, ...size.current },
    spool: spoolOf(status, storing),
    dropped: droppedOf(status, storing.counters),
    ...(status.halves === undefined ? {} : { halves: status.halves }),
    exporters: [...status.exporters],
  };
}

function droppedOf(collecting: CollectingStatus, storing: StoringCounters): Status['dropped'] {
  const { counters, kernelDrops, spool } = collecting;
  return {
    records: storing.failedRecords,
    datagrams: counters.refusedDatagrams + (kernelDrops ?? 0) + spool.drops.full + spool.drops.disk,
  };
}

function spoolOf({ spool: { octets, problem } }: CollectingStatus, storing: Storing): Status['spool'] {
  return { rawOctets: octets, blockOctets: storing.octets, ...(problem === undefined ? {} : { problem }) };
}
