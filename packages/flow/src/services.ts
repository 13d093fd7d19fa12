/**
 * Well-known services by their port, with the names of IANA's registry of service names and port numbers; the usual ones first. A name
 * that is assigned to the port of TCP only is taken for UDP, too: a filter adds the protocol where it matters.
 */
const services: readonly (readonly [port: number, name: string])[] = [
  [22, 'ssh'],
  [25, 'smtp'],
  [53, 'domain'],
  [80, 'http'],
  [123, 'ntp'],
  [143, 'imap'],
  [161, 'snmp'],
  [179, 'bgp'],
  [389, 'ldap'],
  [443, 'https'],
  [445, 'microsoft-ds'],
  [500, 'isakmp'],
  [853, 'domain-s'],
  [993, 'imaps'],
  [3306, 'mysql'],
  [3389, 'ms-wbt-server'],
  [4739, 'ipfix'],
  [5432, 'postgresql'],
  [8080, 'http-alt'],
  [20, 'ftp-data'],
  [21, 'ftp'],
  [23, 'telnet'],
  [49, 'tacacs'],
  [67, 'bootps'],
  [68, 'bootpc'],
  [69, 'tftp'],
  [88, 'kerberos'],
  [110, 'pop3'],
  [111, 'sunrpc'],
  [119, 'nntp'],
  [135, 'epmap'],
  [137, 'netbios-ns'],
  [138, 'netbios-dgm'],
  [139, 'netbios-ssn'],
  [162, 'snmptrap'],
  [464, 'kpasswd'],
  [465, 'submissions'],
  [514, 'syslog'],
  [515, 'printer'],
  [520, 'router'],
  [546, 'dhcpv6-client'],
  [547, 'dhcpv6-server'],
  [548, 'afpovertcp'],
  [554, 'rtsp'],
  [587, 'submission'],
  [631, 'ipp'],
  [636, 'ldaps'],
  [646, 'ldp'],
  [860, 'iscsi'],
  [873, 'rsync'],
  [989, 'ftps-data'],
  [990, 'ftps'],
  [995, 'pop3s'],
  [1080, 'socks'],
  [1194, 'openvpn'],
  [1433, 'ms-sql-s'],
  [1701, 'l2tp'],
  [1723, 'pptp'],
  [1812, 'radius'],
  [1813, 'radius-acct'],
  [1883, 'mqtt'],
  [1900, 'ssdp'],
  [2049, 'nfs'],
  [3260, 'iscsi-target'],
  [3478, 'stun'],
  [3784, 'bfd-control'],
  [4500, 'ipsec-nat-t'],
  [4789, 'vxlan'],
  [5060, 'sip'],
  [5061, 'sips'],
  [5222, 'xmpp-client'],
  [5269, 'xmpp-server'],
  [5353, 'mdns'],
  [5355, 'llmnr'],
  [5671, 'amqps'],
  [5672, 'amqp'],
  [6081, 'geneve'],
  [6343, 'sflow'],
  [6514, 'syslog-tls'],
  [8883, 'secure-mqtt'],
];

const names = new Map(services);
const ports = new Map(services.map(([port, name]) => [name, port]));

/** The ports that have a name, the usual ones first. */
export const knownServices: readonly (readonly [port: number, name: string])[] = services;

/** The name of the service that has this port, or undefined where it is none of the well-known ones. */
export function serviceName(port: number): string | undefined {
  return names.get(port);
}

/** The port of a service, by its name in any case. */
export function servicePort(name: string): number | undefined {
  return ports.get(name.toLowerCase());
}
