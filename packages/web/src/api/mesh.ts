import { get } from './client.js';
import type { MeshChanges, MeshCoverage, MeshHistory, MeshLoads, MeshState, Topologies } from './types.js';

export function getTopologies(signal?: AbortSignal): Promise<Topologies> {
  return get('mesh', {}, signal);
}

/** The mesh as it was at a time, or as it is. */
export function getMeshState(topology: string, at: number | undefined, signal: AbortSignal): Promise<MeshState> {
  return get('mesh/state', { topology, at }, signal);
}

/** What became different after `from`, until `to`; what changes within a step of seconds is told at once. */
export function getMeshChanges(
  topology: string,
  { from, to, step }: { from: number; to: number; step: number },
  signal: AbortSignal,
): Promise<MeshChanges> {
  return get('mesh/changes', { topology, from, to, step }, signal);
}

export interface LoadSpan {
  from: number;
  to: number;
  /** Seconds. */
  step: number;
  /** Only of this link, or of the links of this node. */
  link?: string;
  node?: string;
}

export function getMeshLoads(topology: string, span: LoadSpan, signal: AbortSignal): Promise<MeshLoads> {
  return get('mesh/loads', { topology, ...span }, signal);
}

/** Without times the whole history. */
export function getMeshCoverage(signal: AbortSignal): Promise<MeshCoverage> {
  return get('mesh/coverage', {}, signal);
}

export function getMeshHistory(
  topology: string,
  { from, to, ...of }: { from: number; to: number; node?: string; link?: string },
  signal: AbortSignal,
): Promise<MeshHistory> {
  return get('mesh/history', { topology, from, to, ...of }, signal);
}
