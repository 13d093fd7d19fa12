import type { Report, TrafficEvent } from '../../http/types.js';
import type { Format } from './format.js';
import type { Texts } from './texts.js';

/** Of the services that most traffic is of, by protocol number and port (IANA's registry of service names). */
const SERVICES: Readonly<Record<string, string>> = {
  ...{ '6/22': 'SSH', '6/25': 'SMTP', '6/53': 'DNS', '17/53': 'DNS', '6/80': 'HTTP', '17/123': 'NTP', '6/143': 'IMAP' },
  ...{
    '17/161': 'SNMP',
    '6/443': 'HTTPS',
    '17/443': 'QUIC',
    '6/445': 'SMB',
    '6/587': 'Submission',
    '6/853': 'DNS over TLS',
  },
  ...{ '6/993': 'IMAPS', '6/3389': 'RDP', '17/3478': 'STUN', '6/5432': 'PostgreSQL', '17/51820': 'WireGuard' },
};
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 132: 'SCTP' };

type Tops = Report['tops'];

/** What a row of a table of the largest is called, and what is said below it. */
export function topName(
  kind: keyof Tops,
  row: Tops[keyof Tops][number],
  t: Texts,
  f: Format,
): { name: string; below?: string } {
  const { value, protocol, name } = row;
  if (kind === 'services') return { name: serviceName(Number(protocol), value, t) };
  if (value === null) return { name: t.unknown };
  if (kind === 'countries') return { name: f.country(String(value)) };
  if (kind === 'networks') return name === undefined ? { name: `AS${value}` } : { name, below: `AS${value}` };
  return name === undefined ? { name: String(value) } : { name, below: String(value) };
}

function serviceName(protocol: number, port: string | number | null, t: Texts): string {
  const transport = PROTOCOLS[protocol] ?? t.protocol(String(protocol));
  if (port === null) return transport;
  const known = SERVICES[`${protocol}/${port}`];
  return known === undefined ? `${transport} ${port}` : `${known} (${transport} ${port})`;
}

/** Who did it to whom, or what it is about. */
export function partiesOf({ kind, source, target, service, subject }: TrafficEvent, t: Texts): string {
  if (subject.filter === '' && kind === 'anomaly') return t.allTraffic;
  if (source === undefined || target === undefined) return subject.name || t.allTraffic;
  return `${source} → ${target}${service === undefined ? '' : ` (${service})`}`;
}

export function eventSize(size: number, unit: TrafficEvent['unit'], t: Texts, f: Format): string {
  switch (unit) {
    case 'bit/s':
      return f.rate(size);
    case 'ms':
      return f.milliseconds(size);
    case 'share':
      return f.share(size);
    default:
      return `${f.number(size)} ${t.units[unit]}`;
  }
}
