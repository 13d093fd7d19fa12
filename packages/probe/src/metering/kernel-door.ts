import type { RecordBatch } from './record-batch.js';

/** Seconds that the kernel keeps connections after a packet; arrays by the state of the protocol in the kernel, 16 each. */
export interface KeepingTimes {
  readonly tcp: readonly number[];
  readonly sctp: readonly number[];
  readonly tcpStalled: number;
  readonly udp: number;
  readonly udpStream: number;
  readonly icmp: number;
  readonly icmpv6: number;
  readonly gre: number;
  readonly greStream: number;
  readonly generic: number;
}

/** What the programs of the kernel meter count; totals since it began. */
export interface KernelCounters {
  /** Records that found no room in the ring: lost. */
  readonly lost: number;
  /** Connections of which neither interfaces nor next hop are known, for want of room. */
  readonly overflows: number;
  /** Connections that were there when metering began. */
  readonly adopted: number;
  /** Connections whose ends the programs did not see: lost. */
  readonly unseenEnds: number;
  readonly counterResets: number;
}

/** Where the programs put finished Data Records. */
export interface RecordSource {
  /** Becomes readable when records wait. */
  readonly descriptor: number;
  readonly batch: RecordBatch;
  /** Records of which there is room, however long they are. */
  readonly capacity: number;
  /** Of the records of the last read: interim reports; those whose way through this host is not known. */
  readonly interimReports: number;
  readonly withoutPath: number;
  /** Finds the next records; those of the read before are to be released first. @returns how many */
  read(): number;
  /** Is the way of record i of the batch not known? */
  lacksPath(i: number): boolean;
  /** Gives the memory of what has been read back to the kernel. */
  release(): void;
}

/** What the programs are told. */
export interface KernelSettings {
  /** Tells the programs how far the wall clock is from the monotonic one: to be called about once a second. */
  setClock(): void;
  /** @param milliseconds that have to lie between two reports of a connection */
  setReportInterval(milliseconds: number): void;
  setKeepingTimes(times: KeepingTimes): void;
  /** @param milliseconds since the Unix epoch: of connections that began before, what they carried until now has been exported */
  setExportedUntil(milliseconds: number): void;
  /** Take up the connections that a dump shows from now on, or no more. */
  setAdopting(on: boolean): void;
  /** The next sweep reports every connection, with the reason "forced end". */
  setLastSweep(): void;
}

/** The kernel meter in one network namespace. */
export interface KernelDoor {
  readonly records: RecordSource;
  readonly settings: KernelSettings;
  /** Begins to meter; settings are set before. */
  begin(): void;
  /** Ends it: when it returns, the programs write no more, and what they have written can be read. */
  end(): void;
  /** 0 forgets it. */
  setVlan(index: number, vlan: number): void;
  /** @param address 4 numeric words, IPv4 in the first @param mac 6 octets, undefined where it is not known any more */
  setNeighbour(index: number, address: ArrayLike<number>, mac: Uint8Array | undefined): void;
  beginSweep(): void;
  /** Lets the programs visit about `count` connections more. @returns how many they have, 0 when all have been visited */
  stepSweep(count: number): number;
  /** Also after close. */
  counters(): KernelCounters;
  close(): void;
}
