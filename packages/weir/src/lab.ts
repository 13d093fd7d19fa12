import { Command } from 'commander';
import { benchCommand } from './lab/bench.js';
import { conformCommand } from './lab/conform.js';
import { listCommand } from './lab/list.js';
import { runCommand } from './lab/run.js';

/** `weir lab`: the test framework that ships with Weir. */
export function labCommand(): Command {
  return new Command('lab')
    .description('Test exporters and collectors on this machine: networks of namespaces, known traffic, verdicts.')
    .addCommand(listCommand())
    .addCommand(runCommand())
    .addCommand(conformCommand())
    .addCommand(benchCommand());
}
