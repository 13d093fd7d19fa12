import { absentText } from '../fields/fields.js';
import { t } from '../i18n/index.js';
import { countryName, portName, protocolName } from '../tops/names.js';

/** What traffic can be told apart by. */
export const DIMENSIONS = ['host', 'service', 'network', 'as', 'country', 'interface', 'exporter', 'protocol'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** A value of a field as the API answers it. */
export type Value = string | number | null;

/** The fields of the two sides of a Flow; one field where a Flow has but one side of it. */
interface Fields {
  source: string;
  destination: string;
}
const FIELDS: Readonly<Record<Dimension, Fields>> = {
  host: { source: 'src', destination: 'dst' },
  service: { source: 'src', destination: 'dstport' },
  network: { source: 'srcnetwork', destination: 'dstnetwork' },
  as: { source: 'srcas', destination: 'dstas' },
  country: { source: 'srccountry', destination: 'dstcountry' },
  interface: { source: 'inif', destination: 'outif' },
  exporter: { source: 'src', destination: 'exporter' },
  protocol: { source: 'src', destination: 'proto' },
};

/** The dimension that an address names; undefined where it names none. */
export function dimensionOf(by: string): Dimension | undefined {
  return DIMENSIONS.find(dimension => dimension === by);
}

/** The field by which the traffic over time is told apart: what the destination is, because it is asked for. */
export function fieldOf(dimension: Dimension): string {
  return FIELDS[dimension].destination;
}

/** The fields of a picture of what talks to what: sources at the left, at the right destinations or what is asked for. */
export function sidesOf(dimension: Dimension): Fields {
  return FIELDS[dimension];
}

/** A value of a field in the reader's words. `name` is that of an Autonomous System or of an interface, where one is known. */
export function labelOf(field: string, value: Value, name?: string): string {
  if (value === null || value === '') return field === 'dstport' ? t.split.noPort : absentText(field);
  switch (field) {
    case 'dstport':
      return portName(Number(value));
    case 'proto':
      return protocolName(Number(value));
    case 'srcas':
    case 'dstas':
      return Number(value) === 0 ? t.tops.unknown : `AS${value} ${name ?? ''}`.trimEnd();
    case 'srccountry':
    case 'dstcountry':
      return countryName(String(value));
    case 'inif':
    case 'outif':
      return name ?? t.split.interface(Number(value));
    default:
      return String(value);
  }
}

/** The words of the filter language for each field. */
const WORDS: Readonly<Record<string, string>> = {
  src: 'src host',
  dst: 'dst host',
  dstport: 'dst port',
  srcnetwork: 'src network',
  dstnetwork: 'dst network',
  srcas: 'src as',
  dstas: 'dst as',
  srccountry: 'src country',
  dstcountry: 'dst country',
  inif: 'in if',
  outif: 'out if',
  exporter: 'exporter =',
  proto: 'proto',
};

/** A filter for what has this value, null where it has none; undefined where no filter can ask for it. */
export function conditionOf(field: string, value: Value): string | undefined {
  const words = WORDS[field];
  if (words === undefined || value === '') return undefined;
  if (value === null) return `not has ${field}`;
  return `${words} ${field.endsWith('network') ? quoted(String(value)) : value}`;
}

/** Text as a filter takes it; what has both kinds of quotes cannot be said. */
function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
