import { WeirError } from '../error.js';
import { preflight } from './checks.js';
import { describe } from './finding.js';
import { mend } from './mend.js';

/**
 * Mends what can be mended in this network namespace, until `restore('up')`; some things show only after others are mended,
 * hence twice.
 *
 * @returns one line for each change, and one for each problem that is left
 * @throws WeirError where something prevents metering
 */
export async function prepare(): Promise<string[]> {
  const lines = new Set<string>();
  for (let round = 0; round < 2; round++) {
    const findings = await preflight();
    const stop = findings.find(finding => finding.level === 'fatal');
    if (stop !== undefined) throw new WeirError(describe(stop));
    for (const line of mend(findings, 'up')) lines.add(`mending   ${line}`);
  }
  for (const finding of await preflight()) if (finding.level === 'problem') lines.add(describe(finding));
  return [...lines];
}
