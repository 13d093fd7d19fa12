import type { Topology } from '../../http/types.js';
import type { Detected } from '../detect.js';
import type { Mesh } from '../mesh.js';

/** What a source knows of itself. */
export interface Known {
  readonly name: string;
  readonly detected: Detected | undefined;
  readonly counts: ReturnType<typeof countsOf> | undefined;
  readonly readAt: number | undefined;
  readonly problem: string | undefined;
  readonly reads: number;
  readonly failures: number;
}

/** A feed that is as old as this, and as many looks, is no longer written. */
const OLD_MILLISECONDS = 3_600_000;
const OLD_LOOKS = 10;
/** Looks that may be missing before it is said. */
const LATE_LOOKS = 3;

export function countsOf({ nodes, links }: Mesh) {
  return {
    nodes: nodes.length,
    online: nodes.filter(({ online }) => online).length,
    links: links.length,
    gateways: nodes.filter(({ gateway }) => gateway).length,
    unplaced: nodes.filter(({ position }) => position === undefined).length,
  };
}

export function statusOf(known: Known, interval: number, now: number): Topology {
  const { name, detected, readAt, reads, failures } = known;
  const problem = known.problem ?? ageProblem(known, interval, now);
  const counts = known.counts ?? { nodes: 0, online: 0, links: 0, gateways: 0, unplaced: 0 };
  const at = detected?.mesh.at ?? readAt;
  return {
    name,
    ...(detected === undefined ? {} : { format: detected.format }),
    state: detected === undefined ? 'empty' : problem === undefined ? 'fresh' : 'stale',
    ...(problem === undefined ? {} : { problem }),
    ...(at === undefined ? {} : { at }),
    ...(readAt === undefined ? {} : { readAt }),
    ...counts,
    leftOut: { ...detected?.mesh.leftOut },
    reads,
    failures,
  };
}

function ageProblem({ detected, readAt }: Known, interval: number, now: number): string | undefined {
  if (detected === undefined || readAt === undefined) return undefined;
  if (now - readAt > LATE_LOOKS * interval)
    return `the last look was at ${iso(readAt)}: Weir is too busy to look at it`;
  const { at } = detected.mesh;
  if (at === undefined || now - at <= Math.max(OLD_MILLISECONDS, OLD_LOOKS * interval)) return undefined;
  return `it can be read, but it says that it is of ${iso(at)}: look whether the program that writes it still runs, and whether its clock is right`;
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 19).concat('Z');
}
