import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { WeirError } from '../error.js';
import { networkNamespaceCookie } from '../host/network-namespace.js';
import { NodeHost } from '../host/node.js';
import { NetfilterClient } from '../netlink/client.js';
import { addTable, removeTable } from '../nftables/table.js';
import type { Finding } from './finding.js';
import { bootId, readNumber, sysctlPath } from './kernel-files.js';

/** Lives as long as the kernel's own state does: until the next boot. */
export const RUN_DIRECTORY = '/run/weir';

/** What was changed in this network namespace, and how it was before. */
interface Changes {
  readonly bootId: string;
  readonly sysctls: Record<string, { before: number; after: number }>;
  table: boolean;
  loopback: boolean;
}

const SYSCTL_OF = new Map([
  ['accounting', 'nf_conntrack_acct'],
  ['timestamps', 'nf_conntrack_timestamp'],
  ['events', 'nf_conntrack_events'],
]);

/**
 * Mends every fixable finding, and remembers first what was there, so that restore() undoes it, also after a kill -9 and
 * also when several runs mended one after the other.
 *
 * @returns one line for each change
 */
export function mend(findings: readonly Finding[]): string[] {
  const fixable = findings.filter(finding => finding.level === 'problem' && finding.fixable);
  if (fixable.length === 0) return [];
  const changes = load() ?? { bootId: bootId(), sysctls: {}, table: false, loopback: false };
  const lines: string[] = [];
  for (const { id } of fixable) {
    const sysctl = SYSCTL_OF.get(id);
    if (sysctl !== undefined) lines.push(mendSysctl(changes, sysctl));
    else if (id === 'loopback') lines.push(mendLoopback(changes));
    else if (id.startsWith('tracking') && !changes.table) lines.push(mendTracking(changes));
  }
  return lines;
}

/** Puts everything back that mend() changed. @returns one line for each thing, empty when there was nothing to restore */
export function restore(): string[] {
  const changes = load();
  if (changes === undefined) return [];
  const lines = Object.entries(changes.sysctls).map(([name, { before, after }]) => restoreSysctl(name, before, after));
  if (changes.table) lines.push(restoreTable());
  if (changes.loopback) lines.push(setLoopback('down'));
  rmSync(changesPath(), { force: true });
  return lines;
}

function mendSysctl(changes: Changes, name: string): string {
  const before = readNumber(sysctlPath(name)) ?? 0;
  changes.sysctls[name] = { before: changes.sysctls[name]?.before ?? before, after: 1 };
  save(changes);
  writeSysctl(name, 1);
  return `${name}: ${before} -> 1`;
}

function mendTracking(changes: Changes): string {
  changes.table = true;
  save(changes);
  withClient(client => {
    const error = addTable(client);
    if (error === 0) return;
    throw new WeirError(
      `the nft table "weir" cannot be added (errno ${error}): load a rule with "ct state" by hand to make the kernel track`,
    );
  });
  return 'nft table inet weir: added';
}

function mendLoopback(changes: Changes): string {
  changes.loopback = true;
  save(changes);
  return setLoopback('up');
}

function restoreSysctl(name: string, before: number, after: number): string {
  const now = readNumber(sysctlPath(name));
  if (now !== after) return `${name}: left at ${now}, someone else has changed it`;
  writeSysctl(name, before);
  return `${name}: ${after} -> ${before}`;
}

function restoreTable(): string {
  withClient(client => {
    const error = removeTable(client);
    if (error !== 0)
      throw new WeirError(`the nft table "weir" cannot be removed (errno ${error}): nft delete table inet weir`);
  });
  return 'nft table inet weir: removed';
}

function setLoopback(state: 'up' | 'down'): string {
  const result = spawnSync('ip', ['link', 'set', 'lo', state], { encoding: 'utf8' });
  if (result.status !== 0)
    throw new WeirError(`loopback cannot be set ${state}: install iproute2 and run: ip link set lo ${state}`);
  return `loopback interface: ${state}`;
}

function writeSysctl(name: string, value: number): void {
  try {
    writeFileSync(sysctlPath(name), `${value}\n`);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new WeirError(
      `net.netfilter.${name} cannot be set (${reason}): run as root, outside a container with read-only /proc/sys`,
    );
  }
}

function withClient(use: (client: NetfilterClient) => void): void {
  const client = new NetfilterClient(new NodeHost());
  try {
    use(client);
  } finally {
    client.close();
  }
}

function changesPath(): string {
  return `${RUN_DIRECTORY}/restore-${networkNamespaceCookie()}.json`;
}

function load(): Changes | undefined {
  if (!existsSync(changesPath())) return undefined;
  const changes = JSON.parse(readFileSync(changesPath(), 'utf8')) as Changes;
  // Cookies begin again at each boot; what the file of another boot tells is gone with that boot.
  return changes.bootId === bootId() ? changes : undefined;
}

function save(changes: Changes): void {
  mkdirSync(RUN_DIRECTORY, { recursive: true, mode: 0o755 });
  const temporary = `${changesPath()}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(changes));
  renameSync(temporary, changesPath());
}
