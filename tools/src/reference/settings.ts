import { collectorSchema } from '@weir/collector/schema';
import { probeSchema } from '@weir/probe';
import { code, madePage, plain, sentence, table } from './markdown.js';

/** What of a property's JSON Schema is told. */
interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly { readonly const?: unknown }[];
  readonly items?: Property & {
    readonly properties?: Readonly<Record<string, Property>>;
    readonly required?: readonly string[];
  };
}

type Properties = Readonly<Record<string, Property>>;

/** Every key of weir.yaml, from the schemas that validate it. */
export function settingsPage(): string {
  const probe = probeSchema.properties as unknown as Properties;
  const collector = collectorSchema.properties as unknown as Properties;
  return madePage(
    'Settings',
    `One YAML file has them all (\`--config weir.yaml\`); each command takes those that it knows. Each is an option of the command as well
(\`--active-timeout 30\`), and a variable of the environment (\`WEIR_ACTIVE_TIMEOUT=30\`): options go before the environment, and that before the file. A list is a
list in the file; an option is given several times, and a variable has commas between. What is a list of maps in the file is YAML on the command line, a map each
time.`,
    '`weir up` has the keys of both, and three defaults of its own: `active-timeout: 10`, `mend: true`, and no `collector`, as it exports to its own.',
    '## The probe: `weir probe`, `weir up`',
    settingsTable(probe),
    '## The collector: `weir collect`, `weir up`',
    settingsTable(collector),
    ...Object.entries(collector).flatMap(([key, property]) => mapTable(key, property)),
  );
}

function settingsTable(properties: Properties): string {
  const rows = Object.entries(properties).map(([key, property]) => [
    code(key),
    valuesOf(property),
    defaultOf(property),
    about(property),
  ]);
  return table(['key', 'value', 'default', ''], rows);
}

const about = ({ description = '' }: Property): string =>
  sentence(plain(description.charAt(0).toUpperCase() + description.slice(1)));

function valuesOf({ type, anyOf, items, minimum, maximum }: Property): string {
  const choices = anyOf?.flatMap(each => (each.const === undefined ? [] : [code(String(each.const))])) ?? [];
  if (choices.length > 0) return choices.join(', ');
  if (type === 'array') return items?.type === 'object' ? 'list of maps' : 'list';
  const bounds = [minimum, maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum];
  if (bounds.every(bound => bound === undefined)) return type ?? '';
  const [from, to] = bounds.map(bound => bound?.toLocaleString('en'));
  return `${type}, ${from === undefined ? `up to ${to}` : to === undefined ? `${from} or more` : `${from} to ${to}`}`;
}

function defaultOf({ default: value }: Property): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  return [value]
    .flat()
    .map(each => code(String(each)))
    .join(', ');
}

/** The keys of the maps that a list holds. */
function mapTable(key: string, { items }: Property): string[] {
  if (items?.type !== 'object' || items.properties === undefined) return [];
  const rows = Object.entries(items.properties).map(([name, property]) => [
    code(name),
    valuesOf(property),
    items.required?.includes(name) === true ? 'needed' : defaultOf(property),
    about(property),
  ]);
  return [`### \`${key}\`, of each map`, table(['key', 'value', 'default', ''], rows)];
}
