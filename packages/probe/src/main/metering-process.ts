import type { LoopStatistics } from './loop-statistics.js';

/** What a Metering Process counts; totals since its start. */
export type MeteringStatistics = Omit<
  LoopStatistics,
  | 'exportedMessageTotalCount'
  | 'exportedFlowRecordTotalCount'
  | 'exportedOctetTotalCount'
  | 'unsentRecordTotalCount'
  | 'flowActiveTimeout'
  | 'sweepLag'
  | 'tableRestoreTotalCount'
  | 'settingChangeTotalCount'
  | 'reconfigurationTotalCount'
  | 'filteredRecordTotalCount'
  | 'sampledOutRecordTotalCount'
  | 'anonymisedRecordTotalCount'
  | 'routeLookupTotalCount'
>;

/** The Metering Process as the loop drives it: by ctnetlink, or by the kernel meter. */
export interface MeteringProcess {
  /** File descriptors that become readable when something has happened. */
  readonly descriptors: readonly number[];
  /** The one of them whose events must not wait and gather, undefined where all may. */
  readonly urgent: number | undefined;
  /** The socket whose reliable delivery is taken away from a loop that is stuck, undefined where there is none. */
  readonly eventDescriptor: number | undefined;
  /** Connections taken over from a former run. */
  readonly adopted: number;
  /** All connections have been seen once. */
  readonly isReady: boolean;
  readonly isSweeping: boolean;
  /** @param milliseconds after which a Flow that goes on is reported */
  setActiveTimeout(milliseconds: number): void;
  /** Takes a batch of what waits, and exports it. @returns 0 where nothing waits */
  receive(): number;
  beginSweep(): void;
  /** Goes on with the sweep as far as is due by now. @param mayGoOn is there room to export? */
  stepSweep(mayGoOn: () => boolean): void;
  /** To be called about once a second. @param drops count of failed deliveries at which reliable delivery was taken away */
  housekeep(drops: number | undefined): void;
  reloadTimeouts(): void;
  /** Takes what waits, and reports every live connection once more. @param awaitCredit returns when there is room to export a batch */
  takeLastLook(awaitCredit: () => void): void;
  statistics(): MeteringStatistics;
  close(): void;
}
