import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WeirError } from '../error.js';
import { notInMachine } from '../machine/machine.js';
import { LabProcess } from '../run/process.js';
import { weirCommand } from '../weir/weir.js';

const PATIENCE_SECONDS = 60;

let answer: Promise<string | undefined> | undefined;

/** Why the probe cannot meter in this machine's kernel, in its own words; undefined where it can. Tried once: it starts and ends one. */
export function lacksKernelMeter(): Promise<string | undefined> {
  return (answer ??= tryIt());
}

/**
 * Why tests of the kernel meter are skipped, printed: they run in emulated machines only. Undefined there: their kernels are such as take
 * it, and one that does not is a fault, and no reason to skip.
 *
 * @param reason another one, which comes first
 * @throws WeirError where the kernel of an emulated machine does not take it
 */
export async function skipKernelMeter(reason: string | undefined): Promise<string | undefined> {
  const skipped = reason ?? notInMachine();
  if (skipped !== undefined) {
    console.warn(`skipped: ${skipped}`);
    return skipped;
  }
  const lacking = await lacksKernelMeter();
  if (lacking !== undefined) throw new WeirError(lacking);
  return undefined;
}

async function tryIt(): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-lab-kernel-meter-'));
  const own = ['--collector', `file:${join(folder, 'flows.ipfix')}`, '--state', join(folder, 'state')];
  const probe = new LabProcess(weirCommand('probe', '--source', 'kernel', ...own));
  try {
    await Promise.race([probe.ended(), probe.output(/^metering/m, PATIENCE_SECONDS)]);
    const status = probe.status;
    await probe.stop('SIGINT');
    if (status === undefined) return undefined;
    return probe.stderr
      .trim()
      .split('\n')
      .at(-1)!
      .replace(/^weir: /, '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
