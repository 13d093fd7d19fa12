import type { ProbeConfig } from '../config/schema.js';

/** Keys that a running probe takes over. All others are read at the start only. */
export const CHANGEABLE: ReadonlySet<string> = new Set<keyof ProbeConfig>([
  'collector',
  'distribute',
  'template-refresh-interval',
  'template-refresh-messages',
  'spool',
  'spool-size',
  'active-timeout',
  'namespace',
]);

export interface Changes {
  /** Keys with another value than before, that take effect at once and that need a restart. */
  readonly applied: readonly string[];
  readonly needRestart: readonly string[];
}

/** What is different in `next`. */
export function changesOf(before: ProbeConfig, next: ProbeConfig): Changes {
  const keys = Object.keys({ ...before, ...next }) as (keyof ProbeConfig)[];
  const changed = keys.filter(key => JSON.stringify(before[key]) !== JSON.stringify(next[key]));
  return {
    applied: changed.filter(key => CHANGEABLE.has(key)),
    needRestart: changed.filter(key => !CHANGEABLE.has(key)),
  };
}
