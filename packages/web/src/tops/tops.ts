import { absentText } from '../fields/fields.js';
import { t } from '../i18n/index.js';
import { countryName, serviceName } from './names.js';

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
  /** The address, where the row is a host. */
  host?: string;
  /** In both directions. */
  octets: number;
  /** What else is known of it, in words. */
  detail?: string;
  flows: number;
}

/** The rows of a table, in the order of the groups. */
export function topRows(kind: Kind, groups: readonly Group[]): TopRow[] {
  return groups.map(group => ({
    key: FIELDS[kind].map(field => String(group[field])).join('/'),
    ...named(kind, group),
    octets: Number(group.octets) + Number(group.reverseOctets),
    flows: Number(group.flows),
  }));
}

type Named = Pick<TopRow, 'label' | 'condition' | 'host'>;

function named(kind: Kind, group: Group): Named {
  if (kind === 'services') return service(Number(group.proto), group.dstport ?? null);
  const value = group[FIELDS[kind][0]!];
  if (value === undefined) return { label: t.tops.unknown };
  if (value === null) return { label: absentText(FIELDS[kind][0]!), condition: `not has ${FIELDS[kind][0]}` };
  if (value === 0) return { label: t.tops.unknown, condition: `${FIELDS[kind][0]} = 0` };
  if (kind === 'countries') return { label: countryName(String(value)), condition: `dst country ${value}` };
  if (kind === 'networks') return { label: `AS${value}`, condition: `dst as ${value}` };
  const host = String(value);
  return { label: host, host, condition: `${kind === 'sources' ? 'src' : 'dst'} host ${host}` };
}

/** A service by its protocol and port, with its filter. @param port null where it has none, undefined where any is meant */
export function service(protocol: number, port: number | string | null | undefined): Named {
  const label = serviceName(protocol, port ?? null);
  if (port === undefined) return { label, condition: `proto ${protocol}` };
  if (port === null) return { label, condition: `proto ${protocol} and not has dstport` };
  return { label, condition: `proto ${protocol} and dst port ${port}` };
}
