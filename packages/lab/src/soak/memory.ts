import { readdirSync, readlinkSync } from 'node:fs';
import { residentOctets, statusSum } from '../run/memory.js';
import { processTree } from '../run/tree.js';

/** What a process and those below it hold at a time. */
export interface Held {
  /** Milliseconds since the Unix epoch. */
  time: number;
  /** The process at the top: another one after a kill. */
  pid: number;
  /** Octets: all that is resident, and of it what no file and no shared memory lies behind. */
  resident: number;
  anonymous: number;
  /** Without those of what the kernel tells of a single thread, three for each that the engine has measured once. */
  descriptors: number;
  threads: number;
}

export function heldBy(pid: number): Held {
  const all = processTree(pid);
  return {
    ...{ time: Date.now(), pid, resident: residentOctets(pid), anonymous: statusSum(all, 'RssAnon') * 1024 },
    ...{ threads: statusSum(all, 'Threads'), descriptors: all.reduce((sum, each) => sum + descriptors(each), 0) },
  };
}

function descriptors(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).filter(each => isCounted(`/proc/${pid}/fd/${each}`)).length;
  } catch {
    return 0;
  }
}

/** Not where it has been closed since, either. */
function isCounted(descriptor: string): boolean {
  try {
    return !/^\/proc\/\d+\/task\//.test(readlinkSync(descriptor));
  } catch {
    return false;
  }
}

/** How a figure of one process has gone on behind its warm-up. */
export interface Growth {
  pid: number;
  minutes: number;
  /** Medians of the first and of the last third of the time. */
  early: number;
  late: number;
}

/** Seconds until all code is compiled, and caches have been filled. */
const warmUp = 300;
/** Shorter lives do not tell growth from breathing. */
const leastMinutes = 5;

/** Of each process that has lived for long enough. */
export function growths(samples: readonly Held[], of: 'anonymous' | 'descriptors' | 'threads'): Growth[] {
  const lives = new Map<number, Held[]>();
  for (const each of samples) lives.set(each.pid, [...(lives.get(each.pid) ?? []), each]);
  return [...lives].flatMap(([pid, all]) => {
    const warm = all.filter(({ time }) => time - all[0]!.time >= warmUp * 1000).map(each => each[of]);
    const minutes = (all.at(-1)!.time - all[0]!.time) / 60_000;
    if (minutes < leastMinutes + warmUp / 60) return [];
    const third = Math.floor(warm.length / 3);
    return [{ pid, minutes, early: median(warm.slice(0, third)), late: median(warm.slice(-third)) }];
  });
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)]!;
}
