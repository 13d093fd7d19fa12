import { Command, CommanderError } from 'commander';
import { report } from './error.js';
import { VERSION } from './version.js';

/** Only the command that runs is loaded: schemas and their validation take longer to load than a small question takes to answer. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./up.js')).upCommand(),
  probe: async () => (await import('./probe.js')).probeCommand(),
  collect: async () => (await import('./collect.js')).collectCommand(),
  read: async () => (await import('./read.js')).readCommand(),
  query: async () => (await import('./query.js')).queryCommand(),
  sessions: async () => (await import('./sessions.js')).sessionsCommand(),
  events: async () => (await import('./events.js')).eventsCommand(),
  bill: async () => (await import('./bill.js')).billCommand(),
  report: async () => (await import('./report.js')).reportCommand(),
  import: async () => (await import('./import.js')).importCommand(),
  doctor: async () => (await import('./doctor.js')).doctorCommand(),
  alert: async () => (await import('./alert.js')).alertCommand(),
  user: async () => (await import('./user.js')).userCommand(),
  lab: async () => (await import('./lab.js')).labCommand(),
};

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
