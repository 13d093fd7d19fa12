import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { Static, TObject, TProperties, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { UsageError, WeirError } from './error.js';

type Values = Record<string, unknown>;
/** What of a property's JSON Schema matters here. */
type Property = TSchema & { type?: string; description?: string; default?: unknown; anyOf?: { const: unknown }[] };

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
  const options = command.opts() as Values & { config?: string };
  const own = Object.keys(schema.properties);
  const file = options.config ?? process.env.WEIR_CONFIG;
  const values: Values = Value.Default(schema, { ...defaults }) as Values;
  Object.assign(
    values,
    checked(schema, pick(file === undefined ? {} : readConfig(file, known), own), key => `${file}: ${key}`, WeirError),
  );
  Object.assign(
    values,
    checked(schema, environment(schema), key => variable(key), WeirError),
  );
  Object.assign(
    values,
    checked(schema, pick(flags(options), own), key => `--${key}`, UsageError),
  );
  return values as Static<TObject<T>>;
}

/** The options that say the same as a configuration: for starting a command with it. */
export function toArguments(config: object): string[] {
  return Object.entries(config).flatMap(([key, value]) => [value].flat().flatMap(item => [`--${key}`, String(item)]));
}

function readConfig(file: string, known: readonly TObject[]): Values {
  const values = parseYaml(file) ?? {};
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new WeirError(`${file}: it must hold keys and values, such as "active-timeout: 60"`);
  }
  for (const key of Object.keys(values)) {
    if (!known.some(schema => key in schema.properties)) {
      throw new WeirError(`${file}: "${key}" is not an option; "weir up --help" lists them`);
    }
  }
  return values as Values;
}

function parseYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'), { prettyErrors: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code?.startsWith('E') ? code : message.split('\n')[0];
    throw new WeirError(`the configuration ${file} cannot be read: ${reason.replace(/:$/, '')}`);
  }
}

/** Only this command's keys: one file serves all commands. */
function pick(values: Values, keys: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
}

function environment(schema: TObject): Values {
  const given = Object.keys(schema.properties).filter(key => process.env[variable(key)] !== undefined);
  return Object.fromEntries(given.map(key => [key, process.env[variable(key)]]));
}

function variable(key: string): string {
  return `WEIR_${key.replaceAll('-', '_').toUpperCase()}`;
}

/** Commander calls --active-timeout activeTimeout. */
function flags(options: Values): Values {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`), value]),
  );
}

function checked(
  schema: TObject,
  given: Values,
  name: (key: string) => string,
  ErrorClass: typeof WeirError | typeof UsageError,
): Values {
  const values: Values = {};
  for (const [key, value] of Object.entries(given)) {
    const property = schema.properties[key] as Property;
    const typed = fromText(property, value);
    const [error] = Value.Errors(property, typed);
    if (error !== undefined) {
      throw new ErrorClass(`${name(key)}: ${JSON.stringify(value)} ${error.message}. ${property.description ?? ''}`);
    }
    values[key] = typed;
  }
  return values;
}

/** Options and variables are text; the schema says what they mean. */
function fromText(property: Property, value: unknown): unknown {
  if (property.type === 'array' && !Array.isArray(value)) return isMap(value) ? pairs(value) : String(value).split(',');
  if (typeof value !== 'string') return value;
  if (property.type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if (property.type === 'integer' || property.type === 'number') return value.trim() === '' ? value : Number(value);
  return value;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}

/** A list of KEY=VALUE may be keys and values in the file. */
function pairs(map: Values): string[] {
  return Object.entries(map).flatMap(([key, values]) => [values].flat().map(value => `${key}=${value}`));
}

function placeholder(property: Property): string {
  if (property.anyOf !== undefined) return 'choice';
  return property.type === 'boolean' ? 'true|false' : property.type === 'array' ? 'value' : (property.type ?? 'value');
}

function describe(key: string, property: Property, defaults: Values): string {
  const value = [defaults[key] ?? property.default ?? []].flat().join(', ');
  return `${property.description ?? ''}${value === '' ? '' : ` (default: ${value})`}`;
}
