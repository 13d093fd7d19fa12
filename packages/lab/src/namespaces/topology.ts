import type { Namespace } from './namespace.js';

/** client - router - server, the router masquerading everything that leaves towards the server. */
export interface Topology {
  client: Namespace;
  router: Namespace;
  server: Namespace;
}

/** The addresses of every topology; each has namespaces of its own, so they never meet. */
export const addresses = {
  client: { v4: '10.77.1.2', v6: 'fd77:1::2' },
  /** The router towards the client, and towards the server: the address that masqueraded flows get. */
  inside: { v4: '10.77.1.1', v6: 'fd77:1::1' },
  outside: { v4: '10.77.2.1', v6: 'fd77:2::1' },
  server: { v4: '10.77.2.2', v6: 'fd77:2::2' },
} as const;

/** The server answers nothing on this TCP port (RFC 863's discard) and on these UDP ports: packets there are dropped. */
export const silentTcpPort = 9;
export const silentUdpPorts = { first: 20_000, last: 29_999 } as const;

/** Lays links, addresses, routes and the masquerade for IPv4 and IPv6 over three namespaces that `make` makes. */
export function makeTopology(make: (label: string) => Namespace): Topology {
  const client = make('client');
  const router = make('router');
  const server = make('server');
  link(client, 'uplink', addresses.client, router, 'inside', addresses.inside);
  link(router, 'outside', addresses.outside, server, 'uplink', addresses.server);
  for (const [host, gateway] of [[client, addresses.inside] as const, [server, addresses.outside] as const]) {
    host.ip('route', 'add', 'default', 'via', gateway.v4);
    host.ip('-6', 'route', 'add', 'default', 'via', gateway.v6);
  }
  router.sysctl('net.ipv4.ip_forward', 1);
  router.sysctl('net.ipv6.conf.all.forwarding', 1);
  router.nft(masquerade);
  server.nft(silence);
  return { client, router, server };
}

interface Addresses {
  v4: string;
  v6: string;
}

function link(a: Namespace, portA: string, onA: Addresses, b: Namespace, portB: string, onB: Addresses): void {
  // Both ends are made inside their namespaces: no name is ever taken in the initial one.
  a.ip('link', 'add', portA, 'type', 'veth', 'peer', 'name', portB, 'netns', b.name);
  for (const [host, port, own] of [[a, portA, onA] as const, [b, portB, onB] as const]) {
    host.ip('link', 'set', port, 'up');
    host.ip('address', 'add', `${own.v4}/24`, 'dev', port);
    host.ip('address', 'add', `${own.v6}/64`, 'dev', port, 'nodad');
  }
}

const masquerade = `
table inet lab {
  chain postrouting {
    type nat hook postrouting priority srcnat
    oifname "outside" masquerade
  }
}
`;

// No ct expression here: the server itself is not to track.
const silence = `
table inet lab {
  chain input {
    type filter hook input priority filter
    tcp dport ${silentTcpPort} drop
    udp dport ${silentUdpPorts.first}-${silentUdpPorts.last} drop
  }
}
`;
