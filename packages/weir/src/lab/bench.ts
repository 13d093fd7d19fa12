import { labBenches, runBenches } from '@weir/lab';
import { Command } from 'commander';

/** `weir lab bench`: what exporters and collectors cost on this machine. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('Measure Weir beside the peers that are installed: paired runs, medians, the machine described. Root.')
    .argument('[name...]', `which: ${[...labBenches.keys()].join(', ')}; without a name all`)
    .option('--json', 'one JSON object a line')
    .action((names: string[], { json }: { json?: boolean }) => runBenches(labBenches, names, json === true));
}
