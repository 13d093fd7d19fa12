import { existsSync, readdirSync, rmSync } from 'node:fs';
import { closeLocked, openLocked } from '../host/file-lock.js';
import { namespaceIdentity, networkNamespaceCookie } from '../host/network-namespace.js';
import { RUN_DIRECTORY } from './claim.js';
import { cookiesOf } from './in-namespace.js';

const NAMED = '/run/netns';

/**
 * Removes what is remembered of network namespaces that are gone: state, locks and changes of settings. Which namespace a file
 * is of, its name tells by the namespace's cookie. A file that a process holds stays.
 *
 * @returns the files removed
 */
export async function clearStaleFiles(): Promise<string[]> {
  const files = listed(RUN_DIRECTORY).filter(name => cookieOf(name) !== undefined);
  const own = networkNamespaceCookie();
  if (files.every(name => cookieOf(name) === own)) return [];
  const living = await livingCookies().catch(() => undefined);
  // Who may not look into every namespace cannot tell what is stale.
  if (living === undefined) return [];
  const alive = new Set([own, ...living]);
  const stale = files.filter(name => !alive.has(cookieOf(name)!)).map(name => `${RUN_DIRECTORY}/${name}`);
  return stale.filter(removeUnheld);
}

/** Cookie of the network namespace that a file is of, undefined where it is none of ours. */
export function cookieOf(name: string): string | undefined {
  return /^(?:probe-(\d+)\.state(?:\.kernel)?|up-(\d+)\.lock|restore-\w+-(\d+)\.json)$/
    .exec(name)
    ?.slice(1)
    .find(Boolean);
}

function removeUnheld(path: string): boolean {
  try {
    const descriptor = openLocked(path);
    if (descriptor === undefined) return false;
    rmSync(path, { force: true });
    closeLocked(descriptor);
    return true;
  } catch {
    // Somebody else has removed it, or may not be disturbed.
    return false;
  }
}

/** Cookies of all namespaces that a process is in or that have a name. */
async function livingCookies(): Promise<string[]> {
  const paths = new Map<number, string>();
  const processes = listed('/proc').filter(entry => /^\d+$/.test(entry));
  for (const path of [
    ...processes.map(pid => `/proc/${pid}/ns/net`),
    ...listed(NAMED).map(name => `${NAMED}/${name}`),
  ]) {
    const identity = identityOf(path);
    if (identity !== undefined) paths.set(identity, path);
  }
  return cookiesOf([...paths.values()]);
}

function identityOf(path: string): number | undefined {
  try {
    return namespaceIdentity(path);
  } catch {
    return undefined;
  }
}

function listed(path: string): string[] {
  return existsSync(path) ? readdirSync(path) : [];
}
