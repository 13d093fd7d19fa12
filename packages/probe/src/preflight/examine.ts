import type { ProbeConfig } from '../config/schema.js';
import { WeirError } from '../error.js';
import type { NamespaceTarget } from '../main/namespaces.js';
import { DEFAULT_SPOOL } from '../main/spool-directory.js';
import { checkPlatform, checkPrivilege, checkSource, preflight } from './checks.js';
import { checkCollectors, checkSpool } from './collectors.js';
import { chosen, describe, type Finding } from './finding.js';
import { inNamespace } from './in-namespace.js';
import { mend } from './mend.js';
import { restoreAll } from './restore-all.js';

/** What can be done for one network namespace. */
export interface Patient {
  readonly name: string;
  look(): Promise<Finding[]>;
  /** @param ids of the findings to mend; default: all @returns one line for each change */
  mend(ids?: readonly string[]): Promise<string[]>;
  restore(): Promise<string[]>;
}

export function patientOf({ name, path }: NamespaceTarget): Patient {
  if (path === undefined) {
    return {
      name,
      look: preflight,
      mend: async ids => mend(chosen(await preflight(), ids), 'doctor'),
      restore: async () => restoreHere(),
    };
  }
  const inside = <T>(work: Promise<T>): Promise<T> =>
    work.catch(error => {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new WeirError(`namespace "${name}" cannot be entered (${message}): "ip netns list" shows the names`);
    });
  return {
    name,
    look: () => inside(inNamespace(path, 'preflight')),
    mend: ids => inside(inNamespace(path, 'mend', ids)),
    restore: () => inside(inNamespace(path, 'restore')),
  };
}

/** One set of programs meters all namespaces. */
export function sourceFindings(): Finding[] {
  return (checkPlatform() ?? checkPrivilege()) === undefined ? [checkSource()] : [];
}

/** Collectors and spool are those of the namespace that the probe is started in. */
export async function exportFindings(
  config: Pick<ProbeConfig, 'collector' | 'spool' | 'spool-size'>,
): Promise<Finding[]> {
  const findings = await checkCollectors(config.collector);
  const streams = config.collector.some(url => /^(tcp|tls):/.test(url));
  if (!streams || config.spool === 'none') return findings;
  return [...findings, checkSpool(config.spool ?? DEFAULT_SPOOL, config['spool-size'])];
}

function restoreHere(): string[] {
  const obstacle = checkPlatform() ?? checkPrivilege();
  if (obstacle !== undefined) throw new WeirError(describe(obstacle));
  return restoreAll();
}
