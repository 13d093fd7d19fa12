const NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp', 132: 'sctp' };
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 132]);

/** `tcp/22`, `udp/53`; the protocol alone where it has no ports: `icmp`, `47`. @param service protocol * 65536 + port */
export function serviceName(service: string | number): string {
  const [protocol, port] = [Math.floor(Number(service) / 65_536), Number(service) % 65_536];
  const name = NAMES[protocol] ?? String(protocol);
  return WITH_PORTS.has(protocol) ? `${name}/${port}` : name;
}
