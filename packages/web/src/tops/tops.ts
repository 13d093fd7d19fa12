import { perLocale } from '../format/locale.js';
import { t } from '../i18n/index.js';

/** A line of GET /api/v1/groups: the sums of one group, and its fields by their names. */
export interface Group {
  octets: number | string;
  reverseOctets: number | string;
  flows: number | string;
  [field: string]: number | string | null;
}

/** What traffic is told apart by. */
export const KINDS = ['sources', 'destinations', 'services', 'countries', 'networks'] as const;
export type Kind = (typeof KINDS)[number];

/** The fields that the API groups by. */
export const FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  sources: ['src'],
  destinations: ['dst'],
  services: ['proto', 'dstport'],
  countries: ['dstcountry'],
  networks: ['dstas'],
};

export interface TopRow {
  key: string;
  label: string;
  /** A filter for this group alone; undefined where the records do not say what it is. */
  condition?: string;
  /** In both directions. */
  octets: number;
  flows: number;
}

/** Of the services that most traffic is of, by protocol number and port (IANA's registry of service names). */
const SERVICES: Readonly<Record<string, string>> = {
  '6/22': 'SSH',
  '6/25': 'SMTP',
  '6/53': 'DNS',
  '17/53': 'DNS',
  '6/80': 'HTTP',
  '17/123': 'NTP',
  '6/143': 'IMAP',
  '17/161': 'SNMP',
  '6/443': 'HTTPS',
  '17/443': 'QUIC',
  '6/445': 'SMB',
  '6/587': 'Submission',
  '6/853': 'DNS over TLS',
  '6/993': 'IMAPS',
  '6/3389': 'RDP',
  '17/3478': 'STUN',
  '6/5432': 'PostgreSQL',
  '17/51820': 'WireGuard',
};
export const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'ICMP',
  6: 'TCP',
  17: 'UDP',
  58: 'ICMPv6',
  132: 'SCTP',
};

const regions = perLocale(locale => new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }));

/** The rows of a table, most traffic first, at most `most`. */
export function topRows(kind: Kind, groups: readonly Group[], most: number): TopRow[] {
  const rows = groups.map(group => ({
    key: FIELDS[kind].map(field => String(group[field])).join('/'),
    ...named(kind, group),
    octets: Number(group.octets) + Number(group.reverseOctets),
    flows: Number(group.flows),
  }));
  return rows.sort((a, b) => b.octets - a.octets).slice(0, most);
}

type Named = Pick<TopRow, 'label' | 'condition'>;

function named(kind: Kind, group: Group): Named {
  if (kind === 'services') return service(Number(group.proto), group.dstport ?? null);
  const value = group[FIELDS[kind][0]!];
  if (value === null || value === undefined || value === 0) return { label: t.tops.unknown };
  if (kind === 'countries') return { label: countryName(String(value)), condition: `dst country ${value}` };
  if (kind === 'networks') return { label: `AS${value}`, condition: `dst as ${value}` };
  return { label: String(value), condition: `${kind === 'sources' ? 'src' : 'dst'} host ${value}` };
}

export function service(protocol: number, port: number | string | null): Named {
  const protocolName = PROTOCOLS[protocol] ?? t.tops.protocol(protocol);
  if (port === null) return { label: protocolName, condition: `proto ${protocol}` };
  const known = SERVICES[`${protocol}/${port}`];
  const label = known === undefined ? `${protocolName} ${port}` : `${known} (${protocolName} ${port})`;
  return { label, condition: `proto ${protocol} and dst port ${port}` };
}

/** A country by its two letters in the reader's language; the letters where they are none of a country. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (regions().of(code) ?? code) : code;
}
