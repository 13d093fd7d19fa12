import { Command, Option } from 'commander';
import type { Static, TObject, TProperties } from 'typebox';
import { Configuration } from './configuration.js';
import type { Property, Values } from './values.js';

/** A command whose options are the keys of the schema, and `--config`. Defaults are the schema's, save those given. */
export function commandOf<T extends TProperties>(name: string, schema: TObject<T>, defaults: Values = {}): Command {
  const command = new Command(name).option('--config <file>', 'YAML file with the same keys as these options');
  for (const [key, property] of Object.entries(schema.properties as Record<string, Property>)) {
    const option = new Option(`--${key} <${placeholder(property)}>`, describe(key, property, defaults));
    if (property.anyOf !== undefined) option.choices(property.anyOf.map(choice => String(choice.const)));
    if (property.type === 'array') option.argParser((text: string, before: string[] = []) => [...before, text]);
    command.addOption(option);
  }
  return command;
}

/**
 * The configuration of a command: defaults, then the file, then WEIR_... variables, then the options given.
 *
 * @param known schemas of every command: the file may hold keys for others
 * @throws WeirError or UsageError naming the key, what is wrong with it and what it is for
 */
export function configure<T extends TProperties>(
  schema: TObject<T>,
  command: Command,
  known: readonly TObject[],
  defaults: Values = {},
): Static<TObject<T>> {
  return new Configuration({ schema, command, known, defaults }).read();
}

/** The options that say the same as a configuration: for starting a command with it. */
export function toArguments(config: object): string[] {
  return Object.entries(config).flatMap(([key, value]) => [value].flat().flatMap(item => [`--${key}`, textOf(item)]));
}

function textOf(item: unknown): string {
  return typeof item === 'object' ? JSON.stringify(item) : String(item);
}

function placeholder(property: Property): string {
  if (property.anyOf !== undefined) return 'choice';
  return property.type === 'boolean' ? 'true|false' : property.type === 'array' ? 'value' : (property.type ?? 'value');
}

function describe(key: string, property: Property, defaults: Values): string {
  const value = [defaults[key] ?? property.default ?? []].flat().join(', ');
  return `${property.description ?? ''}${value === '' ? '' : ` (default: ${value})`}`;
}
