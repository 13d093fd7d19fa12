// Runs in the emulated machine: prints one line of JSON with all figures of all rounds, and on standard error what it does.
import { lacksKernelMeter } from '../../subjects/kernel-meter.js';
import type { Source } from '../../subjects/weir.js';
import { KernelBed } from './bed.js';
import { createAndDestroy, dump, type FlowTimes, type Hearer, type SweepTimes, sweep } from './trials.js';

/** All figures of one kind, a value for each round. */
export interface Figures {
  /** Why the kernel meter is not among them. */
  lacking?: string;
  flows: Partial<Record<Hearer, FlowTimes[]>>;
  sweeps: Partial<Record<Source, SweepTimes[]>>;
  /** Nanoseconds. */
  dumps: number[];
}

const { rounds } = JSON.parse(process.argv[2]!) as { rounds: number };
const lacking = await lacksKernelMeter();
const sources: Source[] = lacking === undefined ? ['ctnetlink', 'kernel'] : ['ctnetlink'];
const figures: Figures = { ...(lacking === undefined ? {} : { lacking }), flows: {}, sweeps: {}, dumps: [] };

function keep<K extends string, V>(lists: Partial<Record<K, V[]>>, name: K, value: V): void {
  const list: V[] = lists[name] ?? [];
  list.push(value);
  lists[name] = list;
}

const tell = (doing: string): unknown => process.stderr.write(`bench: ${doing}\n`);

const bed = await KernelBed.make();
tell('warm-up');
await createAndDestroy(bed, 'nobody');
// The same order in each round, so that for each of them the same has run before.
for (let round = 0; round < rounds; round++) {
  for (const hearer of ['nobody', 'a DESTROY listener', ...sources] as const) {
    tell(`round ${round + 1}, created and destroyed: ${hearer}`);
    keep(figures.flows, hearer, await createAndDestroy(bed, hearer));
  }
  tell(`round ${round + 1}, dump`);
  figures.dumps.push(await dump(bed));
  for (const source of sources) {
    tell(`round ${round + 1}, sweep: ${source}`);
    keep(figures.sweeps, source, await sweep(bed, source));
  }
}
for (const left of await bed.close()) tell(`left behind: ${left}`);
process.stdout.write(`${JSON.stringify(figures)}\n`);
