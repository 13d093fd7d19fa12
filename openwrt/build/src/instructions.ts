import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from '@weir/lab';
import { digest } from './checksum.js';
import { COMPILER, compiler } from './compiler.js';
import { outputFolder, repository, type Target } from './targets.js';
import { bundleScript } from './test-bundle.js';

/** Enough that what comes with the start alone is a small part, and of the difference none. */
const FLOWS = [320, 1600] as const;

/** Instructions that the target's processor carries out for a Flow, from the event's octets to the Message's: counted, not timed. */
export async function instructionsPerFlow(target: Target, script: string): Promise<number> {
  await bundleScript('packages/probe/src/router/testing/print-flow-path.ts', script);
  const plugin = await countingPlugin();
  const program = join(outputFolder, target.name, 'weir-run');
  const [emulator, ...flags] = target.emulator;
  const counts = await Promise.all(
    FLOWS.map(async flows => {
      const args = [...flags, '-plugin', plugin, program, script, String(flows)];
      const { stderr } = await promisify(execFile)(emulator!, args);
      return Number(stderr);
    }),
  );
  return Math.round((counts[1]! - counts[0]!) / (FLOWS[1] - FLOWS[0]));
}

async function countingPlugin(): Promise<string> {
  const compile = await compiler();
  const source = join(repository, 'openwrt/build/count/count.c');
  const flags = ['-target', 'x86_64-linux-gnu', '-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-Werror'];
  const folder = await cached(`router/count-${digest([COMPILER, ...flags].join(' '))}`, async folder => {
    await compile([...flags, source, '-o', join(folder, 'count.so')]);
  });
  return join(folder, 'count.so');
}
