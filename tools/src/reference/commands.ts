import type { Argument, Command, Option } from 'commander';
import { commands } from '../../../packages/weir/dist/commands.js';
import { code, madePage, plain, sentence, table } from './markdown.js';

/** Those whose options are settings: the page of settings has them. */
const OF_SETTINGS: Readonly<Record<string, string>> = {
  up: 'all settings of [the probe](configuration.md#the-probe-weir-probe-weir-up) and [the collector](configuration.md#the-collector-weir-collect-weir-up)',
  probe: 'all settings of [the probe](configuration.md#the-probe-weir-probe-weir-up)',
  collect: 'all settings of [the collector](configuration.md#the-collector-weir-collect-weir-up)',
};

/** Every command with its arguments and options, as `--help` tells of them. */
export async function commandsPage(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map(load => load()));
  return madePage(
    'Commands',
    `Each ends with status 0 where it has done what was asked, 1 where it could not, with one line that says why and what to do, and 2 where it was called
wrongly. Times are RFC 3339 (\`2026-03-01T12:00:00Z\`), or relative to now: \`-15m\`, \`-1d\`, \`now\`. \`--help\` behind each shows the same.`,
    table(
      ['command', ''],
      all.map(command => [
        `[${code(`weir ${command.name()}`)}](#weir-${command.name()})`,
        sentence(plain(command.description())),
      ]),
    ),
    ...all.flatMap(command => [`## \`weir ${command.name()}\``, ...parts(command, OF_SETTINGS[command.name()])]),
  );
}

function parts(command: Command, settings?: string): string[] {
  const rows = [
    ...command.registeredArguments.map(argumentRow),
    ...(settings === undefined ? command.options.map(optionRow) : []),
  ];
  return [
    sentence(plain(command.description())),
    `    weir ${fullName(command)} ${command.usage()}`,
    ...(settings === undefined ? [] : [`Options: \`--config FILE\`, a YAML file of settings, and ${settings}.`]),
    ...(rows.length === 0 ? [] : [table(['', '', 'default'], rows)]),
    ...command.commands.flatMap(each => [`### \`weir ${fullName(each)}\``, ...parts(each)]),
  ];
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;
}

function argumentRow(argument: Argument): string[] {
  return [code(argument.name() + (argument.variadic ? '...' : '')), plain(argument.description), ''];
}

function optionRow({ flags, description, argChoices, defaultValue }: Option): string[] {
  const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`;
  const isSaid =
    defaultValue === undefined || defaultValue === false || (Array.isArray(defaultValue) && defaultValue.length === 0);
  return [code(flags), plain(description + choices), isSaid ? '' : code(String(defaultValue))];
}
