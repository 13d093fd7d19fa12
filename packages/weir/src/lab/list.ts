import { shippedScenarios } from '@weir/lab';
import { Command } from 'commander';
import { type Format, formatOption, writeAll } from '../output/format.js';

interface Listed {
  readonly name: string;
  readonly description: string;
}

/** `weir lab list`: the scenarios that ship with Weir. */
export function listCommand(): Command {
  return new Command('list')
    .description('List the scenarios that ship with Weir.')
    .addOption(formatOption())
    .action(async ({ format }: { format: Format }) => {
      await writeAll(listed(), format, {
        columns: [
          { head: 'scenario', text: ({ name }: Listed) => name },
          { head: 'what it is', text: ({ description }: Listed) => description },
        ],
        flat: ({ name, description }) => ({ name, description }),
        nothing: 'No scenario.',
      });
    });
}

async function* listed(): AsyncGenerator<Listed> {
  for (const { name, description } of shippedScenarios()) yield { name, description };
}
