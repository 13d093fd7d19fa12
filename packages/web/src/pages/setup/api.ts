import { post } from '../../api/change.js';
import { get } from '../../api/client.js';
import type { ProbeChanged, ProbeCheck, ProbeFindings, ProbeState, Probes } from '../../api/types.js';

/** New values by key; null for the default. */
export type Changes = Readonly<Record<string, unknown>>;

const path = (probe: string, what: string): string => `probe/${encodeURIComponent(probe)}/${what}`;

export function getProbes(): Promise<Probes> {
  return get('probe');
}

export function getState(probe: string): Promise<ProbeState> {
  return get(path(probe, 'setup'));
}

export function getFindings(probe: string): Promise<ProbeFindings> {
  return get(path(probe, 'findings'));
}

export function checkChanges(probe: string, changes: Changes): Promise<ProbeCheck> {
  return post(path(probe, 'check'), { changes });
}

export function applyChanges(probe: string, changes: Changes, revision: string): Promise<ProbeChanged> {
  return post(path(probe, 'apply'), { changes, revision });
}

export function undoChange(probe: string, revision: string): Promise<ProbeChanged> {
  return post(path(probe, 'undo'), { revision });
}

/** Answers once the probe meters again. */
export function restartProbe(probe: string): Promise<ProbeState> {
  return post(path(probe, 'restart'), {});
}

export function mendFinding(probe: string, id: string, namespace: string | undefined): Promise<ProbeFindings> {
  return post(path(probe, 'mend'), { id, ...(namespace !== undefined && { namespace }) });
}
