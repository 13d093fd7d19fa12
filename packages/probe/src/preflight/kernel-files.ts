import { readdirSync, readFileSync } from 'node:fs';

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

export function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id') ?? '';
}

/** Does this process have the capability in its effective set (include/uapi/linux/capability.h)? */
export function hasCapability(bit: number): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)/m.exec(readText('/proc/self/status') ?? '')?.[1] ?? '0';
  return ((BigInt(`0x${mask}`) >> BigInt(bit)) & 1n) === 1n;
}

/** Process ids and names of all processes that can be seen. */
export function processes(): { pid: number; name: string }[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(entry => ({ pid: Number(entry), name: readText(`/proc/${entry}/comm`) ?? '' }));
}
