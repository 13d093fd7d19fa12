import { type ProbeConfig, probeSchema } from '../config/schema.js';
import { parseUci } from '../config/uci.js';
import { WeirError } from '../error.js';

/** Keys of the configuration that the probe on a router has. The others need Node, several network namespaces, or BTF. */
export const ROUTER_KEYS = [
  'collector',
  'distribute',
  'template-refresh-interval',
  'template-refresh-messages',
  'active-timeout',
  'domain',
  'event-buffer',
  'reliable',
  'flow-table-entries',
  'fields',
  'tcp-events',
  'as-table',
  'filter',
  'sample',
  'anonymise',
  'anonymise-networks',
  'mend',
] as const satisfies readonly (keyof ProbeConfig)[];

export type RouterSettings = Pick<ProbeConfig, (typeof ROUTER_KEYS)[number]>;

/** What is smaller by default than on a server: a router has 64 MB, and conntrack's limit there is about this. */
export const ROUTER_DEFAULTS: Partial<RouterSettings> = { 'event-buffer': 524_288, 'flow-table-entries': 16_384 };

/** Of the section, but read by the script that starts the probe. */
const OF_OTHERS = ['enabled'];

/** What the schema says of a key, as far as it is needed here. */
interface Property {
  readonly type?: string;
  readonly anyOf?: readonly { readonly const: string }[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * The settings in a UCI file: those of its section "config probe". Names are the keys of weir.yaml with "_" in place of "-".
 *
 * @throws WeirError naming the option that means nothing
 */
export function readSettings(text: string): RouterSettings {
  const section = parseUci(text).find(({ type }) => type === 'probe');
  if (section === undefined) throw new WeirError('the configuration has no section "config probe"');
  const properties = probeSchema.properties as Readonly<Record<string, Property>>;
  const settings: Record<string, unknown> = {};
  for (const key of ROUTER_KEYS) {
    const value = ROUTER_DEFAULTS[key] ?? properties[key].default;
    if (value !== undefined) settings[key] = value;
  }
  for (const [name, values] of section.values) {
    const key = name.replaceAll('_', '-');
    if (OF_OTHERS.includes(name)) continue;
    if (!(ROUTER_KEYS as readonly string[]).includes(key))
      throw new WeirError(
        `option "${name}" is none of a probe: there are ${ROUTER_KEYS.join(', ').replaceAll('-', '_')}`,
      );
    // LuCI leaves an option empty that is not to be set.
    if (values.every(value => value === '')) continue;
    settings[key] = properties[key].type === 'array' ? values : valueIn(name, values[0], properties[key]);
  }
  return settings as RouterSettings;
}

function valueIn(name: string, text: string, { type, anyOf, minimum, maximum }: Property): unknown {
  const fail = (what: string): never => {
    throw new WeirError(`option ${name} '${text}': it must be ${what}`);
  };
  if (anyOf !== undefined) {
    const choices = anyOf.map(each => each.const);
    return choices.includes(text) ? text : fail(`one of ${choices.join(', ')}`);
  }
  if (type === 'boolean') return text === '1' ? true : text === '0' ? false : fail('0 or 1');
  if (type !== 'integer' && type !== 'number') return text;
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const fits = number >= (minimum ?? 0) && number <= (maximum ?? Number.MAX_SAFE_INTEGER);
  const whole = type === 'number' || Number.isInteger(number);
  return fits && whole ? number : fail(`a ${type === 'number' ? '' : 'whole '}number from ${minimum} to ${maximum}`);
}
