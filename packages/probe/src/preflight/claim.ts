import { fstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { WeirError } from '../error.js';
import { closeLocked, openLocked } from '../host/file-lock.js';
import { networkNamespaceCookie } from '../host/network-namespace.js';

/** Lives as long as the kernel's own state does: until the next boot. */
export const RUN_DIRECTORY = '/run/weir';

/**
 * Makes this process the only one that changes and restores the settings of this network namespace: what one `weir up` put
 * back would blind the other. A killed process holds nothing.
 *
 * @returns what gives the claim up
 * @throws WeirError where another process has it
 */
export function claimNamespace(): () => void {
  const path = `${RUN_DIRECTORY}/up-${networkNamespaceCookie()}.lock`;
  const descriptor = open(path);
  if (descriptor === undefined) {
    throw new WeirError(
      `a "weir up" meters this network namespace already (process ${readFileSync(path, 'utf8')}): use that one, or stop it first; it restores what it changed`,
    );
  }
  writeFileSync(descriptor, `${process.pid}`);
  return () => {
    rmSync(path, { force: true });
    closeLocked(descriptor);
  };
}

function open(path: string): number | undefined {
  try {
    mkdirSync(RUN_DIRECTORY, { recursive: true, mode: 0o755 });
    for (;;) {
      const descriptor = openLocked(path);
      if (descriptor === undefined) return undefined;
      // Its last holder may have removed the file between our opening and locking it.
      if (statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(descriptor).ino) return descriptor;
      closeLocked(descriptor);
    }
  } catch (error) {
    throw new WeirError(`${(error as Error).message}: Weir remembers what it changes below ${RUN_DIRECTORY}, as root`);
  }
}
