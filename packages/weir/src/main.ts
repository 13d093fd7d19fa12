import { Command, CommanderError } from 'commander';
import { commands } from './commands.js';
import { report } from './error.js';
import { VERSION } from './version.js';

const program = new Command('weir')
  .description('Meters the traffic that Linux connection tracking has counted, exports and collects it as IPFIX.')
  .version(VERSION);
const name = process.argv[2] ?? '';
// Help, and the answer to a mistake, name them all.
const isVersion = name === '-V' || name === '--version';
const wanted = Object.hasOwn(commands, name) ? [commands[name]!] : isVersion ? [] : Object.values(commands);
for (const load of wanted) program.addCommand(await load());
for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
  command.exitOverride().configureOutput({
    outputError: (text, write) =>
      write(
        `weir: ${text
          .trim()
          .replace(/^error: /, '')
          .replaceAll('\n', ' ')}; --help lists the options\n`,
      ),
  });
}

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own line; help and version count as done, anything else is wrong usage.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = report(error);
  // The channel to a `weir up` would keep this process alive.
  if (process.connected) process.disconnect();
}
