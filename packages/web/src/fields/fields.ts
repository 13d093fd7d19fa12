import { endReason } from '../flows/words.js';
import { formatLatency, formatMoment } from '../format/time.js';
import { formatCount, formatOctets } from '../format/units.js';
import { t } from '../i18n/index.js';
import { countryName, protocolName } from '../tops/names.js';

/** A field that can be shown or told apart by. */
export interface FieldName {
  /** As the filter language and the API have it. */
  name: string;
  label: string;
}

/** The short names that most people need; the API knows these and every Information Element. */
export const FIELD_NAMES = Object.keys(t.fields) as readonly (keyof typeof t.fields)[];

/** What people call a field; its own name where that is all that is known. */
export function labelOf(name: string): string {
  return Object.hasOwn(t.fields, name) ? t.fields[name as keyof typeof t.fields] : name;
}

/** The fields whose name or label has the text in it, those that begin with it first. */
export function found(fields: readonly FieldName[], text: string): FieldName[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [...fields];
  const texts = ({ name, label }: FieldName): string[] => [name.toLowerCase(), label.toLowerCase()];
  const begins = (field: FieldName): boolean => texts(field).some(each => each.startsWith(wanted));
  const fits = fields.filter(field => texts(field).some(each => each.includes(wanted)));
  return [...fits.filter(begins), ...fits.filter(field => !begins(field))];
}

/** Names out of a list with commas, each once, at most `most`. */
export function namesIn(list: string, most: number): string[] {
  return [...new Set(list.split(',').filter(name => name !== ''))].slice(0, most);
}

const TIMES = ['start', 'end', 'intervalstart'];
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

/** TCP's flags that are set in `bits`, by their names. */
export function tcpFlags(bits: number): string {
  const names = FLAGS.filter((_, bit) => bits & (1 << bit));
  return names.length > 0 ? names.join(' ') : t.session.noFlags;
}

const NUMBERS: Readonly<Record<string, (value: number) => string>> = {
  proto: protocolName,
  reason: value => endReason(value).word,
  srcas: value => (value === 0 ? t.tops.unknown : `AS${value}`),
  dstas: value => (value === 0 ? t.tops.unknown : `AS${value}`),
  tcpflags: tcpFlags,
  initiatorrtt: value => formatLatency(value / 1000),
  responderrtt: value => formatLatency(value / 1000),
  rtt: value => formatLatency(value / 1000),
  octets: formatOctets,
  reverseoctets: formatOctets,
  packets: formatCount,
  reversepackets: formatCount,
};

/** What is shown of a field that a record does not have. What is looked up, and was not found, is not known. */
export function absentText(name: string): string {
  return /^(src|dst)(as|country)$/.test(name) ? t.tops.unknown : t.tops.absent;
}

/** A field's value as people read it. Values come from flows: text, never markup. */
export function valueText(name: string, value: unknown, now: number): string {
  if (value === null || value === undefined || value === '') return absentText(name);
  const number = NUMBERS[name];
  if (number !== undefined && Number.isFinite(Number(value))) return number(Number(value));
  if (TIMES.includes(name) && !Number.isNaN(Date.parse(String(value))))
    return formatMoment(Date.parse(String(value)), now);
  if (/country$/.test(name)) return countryName(String(value));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A condition for one value of a field, null where records have none; undefined where no filter can ask for it. */
export function conditionOf(name: string, value: unknown): string | undefined {
  if (value === null) return `not has ${name}`;
  if (value === undefined || typeof value === 'object') return undefined;
  const text = String(value);
  if (/^[\w.:/+-]+$/.test(text)) return `${name} = ${text}`;
  if (!text.includes('"')) return `${name} = "${text}"`;
  return text.includes("'") ? undefined : `${name} = '${text}'`;
}
