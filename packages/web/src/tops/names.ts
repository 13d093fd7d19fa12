import { perLocale } from '../format/locale.js';
import { t } from '../i18n/index.js';

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
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 132: 'SCTP' };

const regions = perLocale(locale => new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }));

export function protocolName(protocol: number): string {
  return PROTOCOLS[protocol] ?? t.tops.protocol(protocol);
}

/** "HTTPS (TCP 443)", "UDP 40000"; the protocol alone where there is no port. */
export function serviceName(protocol: number, port: number | string | null): string {
  if (port === null) return protocolName(protocol);
  const known = SERVICES[`${protocol}/${port}`];
  const number = `${protocolName(protocol)} ${port}`;
  return known === undefined ? number : `${known} (${number})`;
}

/** A port of whichever protocol: "HTTPS, QUIC (443)", "40000". */
export function portName(port: number): string {
  const known = new Set([6, 17].flatMap(protocol => SERVICES[`${protocol}/${port}`] ?? []));
  return known.size === 0 ? t.split.port(port) : `${[...known].join(', ')} (${port})`;
}

/** A country by its two letters in the reader's language; the letters where they are none of a country. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (regions().of(code) ?? code) : code;
}
