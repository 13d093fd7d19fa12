import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { WeirError } from '../error.js';
import { networkNamespaceCookie } from '../host/network-namespace.js';
import { NodeHost } from '../host/node.js';
import { NetfilterClient } from '../netlink/client.js';
import { addTable, removeTable } from '../nftables/table.js';
import { RUN_DIRECTORY } from './claim.js';
import type { Finding } from './finding.js';
import { bootId, readNumber, sysctlPath } from './kernel-files.js';

/** For whom something was changed: `weir up` for the time it runs, `weir doctor --fix` until its `--restore`. */
export type Mender = 'up' | 'doctor';

/** What was changed in this network namespace, and how it was before. */
interface Changes {
  readonly mender: Mender;
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
 * also when several runs mended one after the other. A sysctl that cannot be set is told of, and no reason to stop.
 *
 * @returns one line for each change
 */
export function mend(findings: readonly Finding[], mender: Mender): string[] {
  const fixable = findings.filter(finding => finding.level === 'problem' && finding.fixable);
  if (fixable.length === 0) return [];
  const changes = load(mender) ?? { mender, bootId: bootId(), sysctls: {}, table: false, loopback: false };
  const lines: string[] = [];
  for (const { id } of fixable) {
    const sysctl = SYSCTL_OF.get(id);
    if (sysctl !== undefined) lines.push(mendSysctl(changes, sysctl));
    else if (id === 'loopback') lines.push(mendLoopback(changes));
    else if (id.startsWith('tracking') && !changes.table) lines.push(mendTracking(changes));
  }
  return lines;
}

/** Puts everything back that mend() changed for this mender. @returns one line for each thing, empty when there was nothing to restore */
export function restore(mender: Mender): string[] {
  const changes = load(mender);
  if (changes === undefined) return [];
  const lines = Object.entries(changes.sysctls).map(([name, { before, after }]) => restoreSysctl(name, before, after));
  if (changes.table) lines.push(restoreTable());
  if (changes.loopback) lines.push(setLoopback('down'));
  rmSync(changesPath(mender), { force: true });
  return lines;
}

function mendSysctl(changes: Changes, name: string): string {
  const before = readNumber(sysctlPath(name)) ?? 0;
  const former = changes.sysctls[name];
  changes.sysctls[name] = { before: former?.before ?? before, after: 1 };
  save(changes);
  const error = writeSysctl(name, 1);
  if (error === undefined) return `${name}: ${before} -> 1`;
  if (former === undefined) delete changes.sysctls[name];
  save(changes);
  return `${name}: stays ${before}, ${error}`;
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
  const line = setLoopback('up');
  changes.loopback = true;
  save(changes);
  return line;
}

function restoreSysctl(name: string, before: number, after: number): string {
  const now = readNumber(sysctlPath(name));
  if (now === before) return `${name}: is ${before} again`;
  if (now !== after) return `${name}: left at ${now}, someone else has changed it`;
  const error = writeSysctl(name, before);
  return error === undefined ? `${name}: ${after} -> ${before}` : `${name}: stays ${after}, ${error}`;
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

/** @returns why it cannot be set, and what to do */
function writeSysctl(name: string, value: number): string | undefined {
  try {
    writeFileSync(sysctlPath(name), `${value}\n`);
    return undefined;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    return `it cannot be set here (${reason}; is /proc/sys read-only, as in a container?): set net.netfilter.${name}=${value} from outside`;
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

function changesPath(mender: Mender): string {
  return `${RUN_DIRECTORY}/restore-${mender}-${networkNamespaceCookie()}.json`;
}

function load(mender: Mender): Changes | undefined {
  const path = changesPath(mender);
  if (!existsSync(path)) return undefined;
  const changes = parse(path);
  // Cookies begin again at each boot; what the file of another boot tells is gone with that boot.
  return changes.bootId === bootId() ? changes : undefined;
}

function parse(path: string): Changes {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Changes;
  } catch (error) {
    const reason = (error as Error).message;
    throw new WeirError(`${path}, which tells what was changed, cannot be read (${reason}): look at it and remove it`);
  }
}

function save(changes: Changes): void {
  mkdirSync(RUN_DIRECTORY, { recursive: true, mode: 0o755 });
  const path = changesPath(changes.mender);
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(changes));
  renameSync(temporary, path);
}
