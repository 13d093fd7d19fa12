import type { NamesOf } from '@weir/flow';
import type { Alerting } from '../alerting/alerting.js';
import type { CollectingStatus } from '../collecting/messages.js';
import type { Capacity } from '../config/options/capacities.js';
import type { ForwardCounters } from '../forwarding/forwarder.js';
import type { Importer } from '../importing/importer.js';
import type { Schedule } from '../reporting/schedule.js';
import type { Billing } from '../store/billing/billing.js';
import type { Store } from '../store/client.js';
import type { EventsContext } from './events.js';
import type { MeshContext } from './mesh/context.js';
import type { ProbeClient } from './probes/client.js';
import type { ExporterStatus, ExporterTemplate, Status, StoredEvent } from './types.js';

/** What the routes answer from. */
export interface ApiContext {
  readonly store: Store;
  readonly importer: Importer;
  /** What links can carry. */
  readonly capacities: readonly Capacity[];
  readonly localNetworks: readonly string[];
  readonly asNames: ReadonlyMap<number, string>;
  /** Names that a filter may ask for, by the column that has them. */
  readonly namesOf: NamesOf;
  readonly alerting: Alerting;
  /** That can be set up from here. */
  readonly probes: readonly ProbeClient[];
  readonly mesh: MeshContext;
  readonly events: EventsContext;
  /** Reports that are made by themselves. */
  readonly reports: Pick<Schedule, 'states'>;
  /** Undefined where the store is on servers. */
  readonly billing: Billing | undefined;
  status(): Status;
  collecting(): CollectingStatus;
  /** The Templates that an exporter has told. */
  templatesOf(exporter: ExporterStatus): readonly ExporterTemplate[];
  /** Blocks and records that could not be stored. */
  readonly storing: Readonly<StoringCounters>;
  /** What is forwarded, by destination. */
  forwarding(): readonly Readonly<ForwardCounters>[];
  /** Calls the listener after each stored batch, until the function that it returns is called. */
  onStored(listener: (event: StoredEvent) => void): () => void;
}

/** What has gone to the store. */
export interface StoringCounters {
  storedBatches: number;
  storedRecords: number;
  /** Records that the store did not take. */
  failedRecords: number;
}
