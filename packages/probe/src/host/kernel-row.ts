import type { KeepingTimes, KernelCounters, KernelSettings } from '../metering/kernel-door.js';
import * as libc from './libc.js';

/** struct namespace of bpf/meter.h: its size and the places of its members. */
export const ROW_OCTETS = 264;
const WALL_OFFSET = 0;
const REPORT_INTERVAL = 8;
const EXPORTED_UNTIL = 16;
const IS_ADOPTING = 24;
const IS_LAST_SWEEP = 28;
const INODE = 32;
const SLOT = 36;
const HAS_VLANS = 40;
const LOST = 56;
const OVERFLOWS = 64;
const ADOPTED = 72;
const UNSEEN_ENDS = 80;
const COUNTER_RESETS = 96;
const TIMEOUTS = 104;
const STATES = 16;

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const NANOSECONDS = 1_000_000_000n;
const NANOSECONDS_A_MILLISECOND = 1_000_000;

/** The row of one network namespace, in memory shared with the programs: settings that they read, counters that they count. */
export class KernelRow implements KernelSettings {
  readonly #view: DataView;
  readonly #numbers: BigInt64Array;

  constructor(memory: ArrayBuffer) {
    this.#view = new DataView(memory);
    this.#numbers = new BigInt64Array(memory, 0, ROW_OCTETS / 8);
  }

  /** @param inode of the namespace @param slot where the programs find its maps */
  setPlace(inode: number, slot: number): void {
    this.#view.setUint32(INODE, inode, true);
    this.#view.setUint32(SLOT, slot, true);
  }

  setHasVlans(on: boolean): void {
    this.#view.setUint32(HAS_VLANS, on ? 1 : 0, true);
  }

  setClock(): void {
    const before = nanoseconds(CLOCK_MONOTONIC);
    const wall = nanoseconds(CLOCK_REALTIME);
    const after = nanoseconds(CLOCK_MONOTONIC);
    this.#set(WALL_OFFSET, wall - (before + after) / 2n);
  }

  setReportInterval(milliseconds: number): void {
    this.#set(REPORT_INTERVAL, BigInt(Math.round(milliseconds * NANOSECONDS_A_MILLISECOND)));
  }

  setExportedUntil(milliseconds: number): void {
    this.#set(EXPORTED_UNTIL, BigInt(Math.round(milliseconds)) * BigInt(NANOSECONDS_A_MILLISECOND));
  }

  setAdopting(on: boolean): void {
    this.#view.setUint32(IS_ADOPTING, on ? 1 : 0, true);
  }

  setLastSweep(): void {
    this.#view.setUint32(IS_LAST_SWEEP, 1, true);
  }

  setKeepingTimes(times: KeepingTimes): void {
    const { tcpStalled, udp, udpStream, icmp, icmpv6, gre, greStream, generic } = times;
    const single = [tcpStalled, udp, udpStream, icmp, icmpv6, gre, greStream, generic];
    for (let state = 0; state < STATES; state++) {
      this.#view.setUint32(TIMEOUTS + state * 4, times.tcp[state], true);
      this.#view.setUint32(TIMEOUTS + (STATES + state) * 4, times.sctp[state], true);
    }
    single.forEach((seconds, i) => {
      this.#view.setUint32(TIMEOUTS + (2 * STATES + i) * 4, seconds, true);
    });
  }

  counters(): KernelCounters {
    return {
      lost: this.#get(LOST),
      overflows: this.#get(OVERFLOWS),
      adopted: this.#get(ADOPTED),
      unseenEnds: this.#get(UNSEEN_ENDS),
      counterResets: this.#get(COUNTER_RESETS),
    };
  }

  #get(at: number): number {
    return Number(Atomics.load(this.#numbers, at / 8));
  }

  #set(at: number, value: bigint): void {
    Atomics.store(this.#numbers, at / 8, value);
  }
}

function nanoseconds(clock: number): bigint {
  const time = new BigInt64Array(2);
  libc.clockGettime(clock, time);
  return time[0] * NANOSECONDS + time[1];
}
