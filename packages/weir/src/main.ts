#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { collectCommand } from './collect.js';
import { doctorCommand } from './doctor.js';
import { report } from './error.js';
import { probeCommand } from './probe.js';
import { queryCommand } from './query.js';
import { readCommand } from './read.js';
import { upCommand } from './up.js';
import { VERSION } from './version.js';

const program = new Command('weir')
  .description('Meters the traffic that Linux connection tracking has counted, exports and collects it as IPFIX.')
  .version(VERSION);
for (const command of [upCommand(), probeCommand(), collectCommand(), readCommand(), queryCommand(), doctorCommand()]) {
  program.addCommand(command);
}
for (const command of [program, ...program.commands]) {
  command.exitOverride().configureOutput({
    outputError: (text, write) => write(`weir: ${text.trim().replace(/^error: /, '')}; --help lists the options\n`),
  });
}

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own line; help and version count as done, anything else is wrong usage.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = report(error);
  // The channel to a `weir up` would keep this process alive.
  process.disconnect?.();
}
