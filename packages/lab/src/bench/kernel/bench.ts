import { WeirError } from '../../error.js';
import { debianKernel } from '../../machine/debian-kernel.js';
import { EmulatedMachine, noMachine } from '../../machine/machine.js';
import type { Result } from '../harness.js';
import { flowCount } from './bed.js';
import { kernelResults } from './figures.js';
import type { Figures } from './inside.js';

const releases = ['bookworm', 'trixie'];
const rounds = 3;
const minutes = 40;
const program = 'packages/lab/dist/bench/kernel/inside.js';

/**
 * What the kernel does for each flow, and for each flow of a sweep: without a meter, for a listener, and for the probe by each of its
 * sources. In emulated machines, whose time is the number of their instructions: what else this machine does changes no figure.
 */
export async function* kernelBench(bench: string): AsyncGenerator<Result[]> {
  const reason = noMachine();
  if (reason !== undefined) console.warn(`skipped: ${reason}`);
  // At once, because each machine keeps one CPU busy.
  else yield* await Promise.all(releases.map(release => onKernel(bench, release)));
}

async function onKernel(bench: string, release: string): Promise<Result[]> {
  const kernel = await debianKernel(release);
  const machine = new EmulatedMachine(kernel);
  try {
    const order = `node ${program} '${JSON.stringify({ rounds })}' > $RESULTS/figures.json\n`;
    const { status, results, output } = await machine.carryOut(order, minutes * 60, text => process.stderr.write(text));
    if (status !== 0) throw new WeirError(`the benchmark failed on kernel ${kernel.version}:\n${output.slice(-2000)}`);
    const figures = JSON.parse(results.get('figures.json')!) as Figures;
    if (figures.lacking !== undefined)
      console.warn(`kernel ${kernel.version}: without the kernel meter: ${figures.lacking}`);
    const emulated = { cpu: 'emulated, 2 ns an instruction', cores: 1, runtime: `Linux ${kernel.version}`, load: 0 };
    return kernelResults(`${bench} ${kernel.version}`, figures, flowCount, emulated);
  } finally {
    machine.close();
  }
}
