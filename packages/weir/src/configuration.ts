import { readFileSync } from 'node:fs';
import type { Setting } from '@weir/probe';
import type { Command } from 'commander';
import type { Static, TObject, TProperties } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { mostAlike } from './alike.js';
import { UsageError, WeirError } from './error.js';
import { check, propertyOf, type Values } from './values.js';
import { VERSION } from './version.js';

export interface ConfigurationOptions<T extends TProperties> {
  readonly schema: TObject<T>;
  readonly command: Command;
  /** Schemas of every command: the file may hold keys for others. */
  readonly known: readonly TObject[];
  readonly defaults?: Values;
  /** The file that is read where none is named, made of the other settings; it need not be there. */
  readonly usualFile?: (values: Values) => string;
}

/** A value that the schema does not allow. */
export interface WrongValue {
  readonly key: string;
  readonly message: string;
}

/** Where the settings of a command come from: defaults, then the file, then WEIR_... variables, then the options given. */
export class Configuration<T extends TProperties> {
  /** As named, or the usual one. */
  readonly file: string | undefined;
  readonly #schema: TObject<T>;
  readonly #known: readonly TObject[];
  readonly #defaults: Values;
  readonly #environment: Values;
  readonly #options: Values;
  readonly #isNamed: boolean;

  constructor({ schema, command, known, defaults = {}, usualFile }: ConfigurationOptions<T>) {
    this.#schema = schema;
    this.#known = known;
    this.#defaults = Value.Default(schema, { ...defaults }) as Values;
    this.#environment = environment(schema);
    const { config, ...options } = flags(command.opts());
    this.#options = pick(options, Object.keys(schema.properties));
    const named = (config as string | undefined) ?? process.env.WEIR_CONFIG;
    this.#isNamed = named !== undefined;
    this.file = named ?? usualFile?.({ ...this.#defaults, ...this.#environment, ...this.#options });
  }

  /** @throws WeirError or UsageError naming the key, what is wrong with it and what it is for */
  read(): Static<TObject<T>> {
    const { file } = this;
    return {
      ...this.#defaults,
      ...this.#checked(this.#ofText(this.#text()), key => `${file}: ${key}`, WeirError),
      ...this.#checked(this.#environment, variable, WeirError),
      ...this.#checked(this.#options, key => `--${key}`, UsageError),
    } as Static<TObject<T>>;
  }

  /**
   * What another text of the file would come to. Of a value that is wrong, the default holds.
   *
   * @throws WeirError where the text holds no settings at all
   */
  resolve(text: string): {
    settings: Record<string, Setting>;
    values: Static<TObject<T>>;
    wrong: WrongValue[];
  } {
    const layers = [
      ['option', this.#options],
      ['environment', this.#environment],
      ['file', this.#ofText(text)],
    ] as const;
    const settings: Record<string, Setting> = {};
    const values = { ...this.#defaults };
    const wrong: WrongValue[] = [];
    for (const key of Object.keys(this.#schema.properties)) {
      const defaultValue = this.#defaults[key] ?? null;
      const [source, given] = layers.find(([, layer]) => Object.hasOwn(layer, key)) ?? (['default', {}] as const);
      const { value, error } =
        source === 'default' ? { value: defaultValue } : check(propertyOf(this.#schema, key), (given as Values)[key]);
      settings[key] = { value, source, defaultValue };
      if (error !== undefined) wrong.push({ key, message: error });
      else if (source !== 'default') values[key] = value;
    }
    return { settings, values: values as Static<TObject<T>>, wrong };
  }

  #text(): string {
    if (this.file === undefined) return '';
    try {
      return readFileSync(this.file, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' && !this.#isNamed) return '';
      throw new WeirError(`the configuration ${this.file} cannot be read: ${code}`);
    }
  }

  /** Only this command's keys: one file serves all commands. */
  #ofText(text: string): Values {
    const values = parseYaml(text, this.file) ?? {};
    if (typeof values !== 'object' || Array.isArray(values)) {
      throw new WeirError(`${this.file}: it must hold keys and values, such as "active-timeout: 60"`);
    }
    const known = this.#known.flatMap(schema => Object.keys(schema.properties));
    const unknown = Object.keys(values).find(key => !known.includes(key));
    if (unknown !== undefined) {
      const alike = mostAlike(unknown, known);
      const hint = alike === undefined ? '' : `did you mean "${alike}"? `;
      throw new WeirError(
        `${this.file}: "${unknown}" is not an option of Weir ${VERSION}; ${hint}"weir up --help" lists them`,
      );
    }
    return pick(values as Values, Object.keys(this.#schema.properties));
  }

  #checked(given: Values, name: (key: string) => string, ErrorClass: typeof WeirError | typeof UsageError): Values {
    const values: Values = {};
    for (const [key, value] of Object.entries(given)) {
      const property = propertyOf(this.#schema, key);
      const checked = check(property, value);
      if (checked.error !== undefined) {
        throw new ErrorClass(`${name(key)}: ${JSON.stringify(value)} ${checked.error}. ${property.description ?? ''}`);
      }
      values[key] = checked.value;
    }
    return values;
  }
}

function parseYaml(text: string, file: string | undefined): unknown {
  try {
    return parse(text, { prettyErrors: true });
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0].replace(/:$/, '');
    throw new WeirError(`the configuration ${file} cannot be read: ${reason}`);
  }
}

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
