import { closeSync, constants, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { OWN_NAMESPACE } from '../host/network-namespace.js';

/** net.netfilter sysctls of this network namespace. */
const SYSCTLS = '/proc/sys/net/netfilter/';

export function sysctlPath(name: string): string {
  return SYSCTLS + name;
}

/** A number of /proc or /sys, undefined where the file is not there. */
export function readNumber(path: string): number | undefined {
  const text = readText(path);
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * False where /proc/sys is read-only, as in most containers, also for root. Opened, because access(2) heeds no capabilities of a user that is not
 * root, and CAP_NET_ADMIN is enough to write what is of a network namespace (net_ctl_permissions in net/sysctl_net.c).
 */
export function isWritable(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_WRONLY));
    return true;
  } catch {
    return false;
  }
}

export function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id') ?? '';
}

/** Does this process have the capability in its effective set (include/uapi/linux/capability.h)? */
export function hasCapability(bit: number): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)/m.exec(readText('/proc/self/status') ?? '')?.[1] ?? '0';
  return ((BigInt(`0x${mask}`) >> BigInt(bit)) & 1n) === 1n;
}

/** Names of the programs that can be seen to run in this network namespace. */
export function programs(): Set<string> {
  const own = statSync(OWN_NAMESPACE).ino;
  const processes = readdirSync('/proc').filter(entry => /^\d+$/.test(entry));
  const here = processes.filter(pid => namespaceOf(pid) === own);
  return new Set(here.map(pid => readText(`/proc/${pid}/comm`) ?? ''));
}

/** undefined for a process that has ended, or that may not be looked into. */
function namespaceOf(pid: string): number | undefined {
  try {
    return statSync(`/proc/${pid}/ns/net`).ino;
  } catch {
    return undefined;
  }
}
