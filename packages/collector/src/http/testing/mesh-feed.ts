import { writeFileSync } from 'node:fs';

/** Writes a meshviewer.json of two nodes and a link: the first node has a client's worth of everything, the second is the gateway. */
export function writeMeshFeed(file: string, clients: number, tq: number): void {
  const node = (id: string, more: object) => ({
    ...{ node_id: id, hostname: `node-${id}`, is_online: true, is_gateway: false, clients: 0, owner: 'x@example.org' },
    ...{ model: 'M', firstseen: '2020-01-01T00:00:00+0000', lastseen: '2026-01-01T00:00:00+0000' },
    ...more,
  });
  const addresses = ['fd00::a', '10.1.0.1'];
  const location = { latitude: 53.1, longitude: 8.9 };
  const nodes = [
    node('aa0000000001', { addresses, location, clients, gateway_nexthop: 'aa0000000002', gateway: 'aa0000000002' }),
    node('aa0000000002', { is_gateway: true, location: { latitude: 53.2, longitude: 8.8 } }),
  ];
  const links = [{ type: 'wifi', source: 'aa0000000001', target: 'aa0000000002', source_tq: tq / 255, target_tq: 0.5 }];
  writeFileSync(file, JSON.stringify({ timestamp: new Date().toISOString(), nodes, links }));
}
