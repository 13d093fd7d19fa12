import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** As {@link firstMissing}; also prints it, so that a skip is never silent. */
export function missing(commands: readonly string[]): string | undefined {
  const reason = firstMissing(commands);
  if (reason !== undefined) console.warn(`skipped: ${reason}`);
  return reason;
}

/**
 * Why this machine cannot run something, or undefined if it can. Names what is missing: root, or the first of the commands
 * that is not in PATH.
 */
export function firstMissing(commands: readonly string[]): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  if (!existsSync('/proc/sys/net/netfilter/nf_conntrack_max')) return 'no connection tracking in this kernel';
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const wanted = ['ip', 'nft', 'conntrack', 'sysctl', ...commands];
  const absent = wanted.find(command => !folders.some(folder => existsSync(join(folder, command))));
  return absent === undefined ? undefined : `no command "${absent}"`;
}
