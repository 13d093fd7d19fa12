import { expect, test } from 'vitest';
import { fixtures, read, readText } from './testing/fixtures.js';
import { told } from './testing/told.js';

test('every fixture is recognised as what it is', () => {
  expect(Object.fromEntries(fixtures.map(name => [name, read(name).format]))).toMatchInlineSnapshot(`
    {
      "babeld.txt": "babeld dump",
      "batctl-json.txt": "batctl JSON",
      "batctl.txt": "batctl text",
      "ffmap.xml": "freimap XML",
      "graph-v1.json": "graph.json",
      "graph-v2.json": "graph.json",
      "mesh.geojson": "GeoJSON",
      "meshviewer-meta.json": "meshviewer.json",
      "meshviewer.json": "meshviewer.json",
      "netjson-collection.json": "NetJSON",
      "netjsoninfo.json": "NetJSON",
      "nodelist.json": "nodelist.json",
      "nodes-v1.json": "nodes.json",
      "nodes-v2.json": "nodes.json",
      "olsrd-all.json": "olsrd jsoninfo",
      "olsrd-latlon.txt": "latlon.js",
      "olsrd-old.json": "olsrd jsoninfo",
      "olsrd.dot": "olsrd dot",
      "respondd.json": "respondd",
      "respondd.jsonl": "respondd",
      "txtinfo.txt": "olsrd txtinfo",
      "vis.dot": "batadv-vis dot",
      "vis.jsondoc": "batadv-vis",
      "vis.jsonl": "batadv-vis",
    }
  `);
});

test('meshviewer.json: parallel links by their interfaces, next hops by id or address, 0 is no quality', () => {
  expect(told(read('meshviewer.json').mesh)).toMatchInlineSnapshot(`
    [
      "2026-03-01T11:00:05.000Z",
      "02aa00000001: "gw-harbour", 53.51/10.01, gateway, 0 clients, 10.1.0.1 2001:db8::1 02:aa:00:00:00:01, model=x86 machine firmware=5.1 site=north firstSeen=2025-01-01T00:00:00Z",
      "02aa00000002: "church-roof", 53.52/10.02, 7 clients, next 02aa00000001, leaves by 02aa00000001, 2001:db8::2 02:aa:00:00:00:02, model=Roof Router 2 firmware=5.1 owner=tower@example.org site=north firstSeen=2025-02-01T00:00:00Z",
      "02aa00000003: "bakery", 3 clients, next 02aa00000002, leaves by 02aa00000001, 02:aa:00:00:00:03, site=north firstSeen=2025-03-01T00:00:00Z",
      "02aa00000004: "school", offline, 0 clients, fe80::4 02:aa:00:00:00:04, site=north firstSeen=2025-03-01T00:00:00Z lastSeen=2026-02-11T12:00:00Z",
      "02aa00000001~02aa00000002: tunnel, 02:aa:00:00:01:01 - 02:aa:00:00:02:01, quality 1/0.95",
      "02aa00000002~02aa00000003: wireless, 02:aa:00:00:02:02 - 02:aa:00:00:03:01, quality 0.5/0.6",
      "02aa00000002~02aa00000003~2: wireless, 02:aa:00:00:02:03 - 02:aa:00:00:03:02, quality ?/0.8",
      "left out: position that is none, 1",
      "left out: link to a missing node, 1",
    ]
  `);
});

test('meshviewer.json: the other names of fields, numbers as text, parallel links without addresses', () => {
  expect(told(read('meshviewer-meta.json').mesh)).toMatchInlineSnapshot(`
    [
      "2026-03-01T11:00:05.000Z",
      "a1: "a-one", 53.5/10, gateway, 0 clients, owner=a@example.org site=ffxx",
      "b2: "b-two", 53.6/10.1, 12 clients, site=ffxx",
      "a1~b2: wireless, quality 0.7/0.9",
      "a1~b2~2: wireless, quality 0.3/0.4",
      "left out: node told of twice, 1",
      "left out: link from a node to itself, 1",
    ]
  `);
});

test('nodes.json, versions 1 and 2', () => {
  expect(told(read('nodes-v1.json').mesh)).toMatchInlineSnapshot(`
    [
      "2026-03-01T11:00:05.000Z",
      "02aa00000001: "gw-harbour", 53.51/10.01, gateway, 0 clients, 10.1.0.1 02:aa:00:00:00:01 02:aa:00:00:01:01, model=x86 machine firmware=5.1 site=north firstSeen=2025-01-01T00:00:00Z",
      "02aa00000002: "church-roof", 7 clients, next 02aa00000001, leaves by 02aa00000001, 2001:db8::2 02:aa:00:00:00:02 02:aa:00:00:02:01 02:aa:00:00:02:02, owner=tower@example.org site=north firstSeen=2025-02-01T00:00:00Z",
      "02aa00000003: "bakery", offline, 0 clients, 02:aa:00:00:00:03, firstSeen=2025-03-01T00:00:00Z lastSeen=2026-02-01T11:00:00Z",
      "left out: node without nodeinfo, 1",
    ]
  `);
  expect(told(read('nodes-v2.json').mesh)).toMatchInlineSnapshot(`
    [
      "2026-03-01T11:00:05.000Z",
      "02aa00000001: "gw-harbour", gateway, 0 clients, 02:aa:00:00:00:01 02:aa:00:00:01:01, firstSeen=2025-01-01T00:00:00Z",
      "02aa00000002: "church-roof", 53.52/10.02, 5 clients, next 02aa00000001, leaves by 02aa00000001, 02:aa:00:00:00:02 02:aa:00:00:02:02, firstSeen=2025-01-01T00:00:00Z",
    ]
  `);
});

test('graph.json: ends by place in the list, tq turned over, directed or not', () => {
  expect(told(read('graph-v1.json').mesh)).toMatchInlineSnapshot(`
    [
      "02aa00000001: ",
      "02aa00000002: ",
      "02aa00000001~02aa00000002: tunnel, quality 0.8/0.8",
      "left out: link to a missing node, 2",
    ]
  `);
  expect(told(read('graph-v2.json').mesh)).toMatchInlineSnapshot(`
    [
      "2026-03-01T11:00:06.000Z",
      "02aa00000001: ",
      "02aa00000002: ",
      "02aa00000001~02aa00000002: wireless, quality 0.9804/0.5",
    ]
  `);
});

test('graph.json and nodes.json are one mesh, in whatever order', () => {
  const { format, mesh } = read('nodes-v1.json', 'graph-v1.json');
  expect(format).toBe('nodes.json + graph.json');
  expect(mesh.nodes.map(({ name }) => name)).toEqual(['gw-harbour', 'church-roof', 'bakery']);
  expect(mesh.links).toHaveLength(1);
  const { leftOut, ...turned } = read('graph-v1.json', 'nodes-v1.json').mesh;
  expect(turned).toEqual({ ...mesh, leftOut: undefined });
  expect(leftOut).toEqual(mesh.leftOut);
});

test('nodelist.json', () => {
  expect(told(read('nodelist.json').mesh)).toMatchInlineSnapshot(`
    [
      "2026-03-01T11:00:05.000Z",
      "02aa00000001: "gw-harbour", 53.51/10.01, 0 clients",
      "02aa00000002: "church-roof", offline, 0 clients, lastSeen=2026-02-01T11:00:00Z",
    ]
  `);
});

test('NetJSON: a collection of graph, routes and devices', () => {
  expect(told(read('netjson-collection.json').mesh)).toMatchInlineSnapshot(`
    [
      "10.2.0.1: "hill", next 10.2.0.2, 10.2.0.1",
      "10.2.0.2: "mill", 47.1/8.2, 10.2.0.2 10.2.1.2",
      "bridge: "bridge", 10.2.0.3 02:bb:00:00:00:03, model=Box 3 owner=b@example.org",
      "10.2.0.1~10.2.0.2: other, quality 0.8/1, cost 1.25/1.25",
      "10.2.0.2~bridge: other, quality 0.5/?, cost 2/?",
      "10.2.0.1: 10.2.0.3/32 by 10.2.0.2",
      "10.2.0.1: 0.0.0.0/0 by 10.2.0.2",
      "left out: NetJSON object of another type, 1",
    ]
  `);
});

test('NetJSON of olsrd2: networks behind routers, both families one mesh, links by interface', () => {
  expect(told(read('netjsoninfo.json').mesh)).toMatchInlineSnapshot(`
    [
      "id_10.3.0.1: "10.3.0.1", gateway, 10.3.0.1 fd00:3::1",
      "id_10.3.0.2: "10.3.0.2", 10.3.0.2 fd00:3::2, has 10.33.0.0/24",
      "id_10.3.0.1~id_10.3.0.2: wired, 10.3.8.1 - 10.3.8.2, cost 9000000/9100000",
      "id_10.3.0.1~id_10.3.0.2~2: wireless, 10.3.9.1 - 10.3.9.2, cost 2105088/4292352",
      "id_10.3.0.1: 10.33.0.0/24 by id_10.3.0.2",
      "left out: link told of in IPv4, too, 1",
    ]
  `);
});

test('olsrd jsoninfo: own links have interfaces, mid and gateways in the new shape', () => {
  expect(told(read('olsrd-all.json').mesh)).toMatchInlineSnapshot(`
    [
      "2026-03-01T11:00:05.000Z",
      "10.4.0.1: next 10.4.0.2, leaves by 10.4.0.3, 10.4.0.1 10.4.1.1",
      "10.4.0.2: 10.4.0.2 10.4.1.2, has 10.44.2.0/24",
      "10.4.0.3: gateway, 10.4.0.3",
      "10.4.0.1~10.4.0.2: wireless, 10.4.1.1 - 10.4.1.2, quality 0.8/1, cost 1.25/1.25",
      "10.4.0.2~10.4.0.3: other, quality 1/0.5, cost 2/?",
      "10.4.0.1: 0.0.0.0/0 by 10.4.0.2",
      "10.4.0.1: 10.4.0.3/32 by 10.4.0.2",
    ]
  `);
});

test('olsrd jsoninfo: tcEdgeCost is ETX x 1024, mid and gateways in the old shape', () => {
  expect(told(read('olsrd-old.json').mesh)).toMatchInlineSnapshot(`
    [
      "10.4.0.1: 10.4.0.1",
      "10.4.0.2: 10.4.0.2 10.4.1.2, has 10.44.2.0/24",
      "10.4.0.4: gateway, 10.4.0.4",
      "10.4.0.1~10.4.0.2: other, quality 0.8/1, cost 1.25/1.25",
      "10.4.0.2~10.4.0.4: other, quality 0.5/?, cost 2/?",
    ]
  `);
});

test('olsrd txtinfo', () => {
  expect(told(read('txtinfo.txt').mesh)).toMatchInlineSnapshot(`
    [
      "10.4.0.1: next 10.4.0.2, leaves by 10.4.0.3, 10.4.0.1 10.4.1.1",
      "10.4.0.2: 10.4.0.2 10.4.1.2 10.4.2.2, has 10.44.2.0/24",
      "10.4.0.3: gateway, 10.4.0.3",
      "10.4.0.5: 10.4.0.5",
      "10.4.0.1~10.4.0.2: other, 10.4.0.1 - 10.4.1.2, quality 0.8/1, cost 1.25/1.25",
      "10.4.0.2~10.4.0.3: other, quality 1/0.5, cost 2/?",
      "10.4.0.3~10.4.0.5: other, quality 0/0",
      "10.4.0.1: 0.0.0.0/0 by 10.4.0.2",
    ]
  `);
});

test('olsrd dot: the last whole graph of several', () => {
  expect(told(read('olsrd.dot').mesh)).toMatchInlineSnapshot(`
    [
      "10.4.0.1: 10.4.0.1",
      "10.4.0.2: 10.4.0.2, has 10.44.2.0/24",
      "10.4.0.3: gateway, 10.4.0.3",
      "10.4.0.5: 10.4.0.5",
      "10.4.0.1~10.4.0.2: other, quality 0.8/0.8, cost 1.25/1.25",
      "10.4.0.2~10.4.0.3: other, quality 0.5/?, cost 2/?",
      "10.4.0.3~10.4.0.5: other, quality 0/0",
    ]
  `);
});

test('latlon.js', () => {
  expect(told(read('olsrd-latlon.txt').mesh)).toMatchInlineSnapshot(`
    [
      "10.4.0.1: "hill", 47.1/8.2, leaves by 10.4.0.3, 10.4.0.1",
      "10.4.0.2: "mill o'neil, west", 47.11/8.21, leaves by 10.4.0.3, 10.4.0.2 10.4.1.2",
      "10.4.0.3: "town", gateway, 10.4.0.3",
      "10.4.0.5: 10.4.0.5",
      "10.4.0.1~10.4.0.2: other, quality 0.8/1, cost 1.25/1.25",
      "10.4.0.3~10.4.0.5: other, quality 1/0.5, cost 2/?",
      "left out: position that is none, 1",
      "left out: line that is no call, 1",
    ]
  `);
});

test('babeld: neighbours by the routes that they announce themselves', () => {
  expect(told(read('babeld.txt').mesh)).toMatchInlineSnapshot(`
    [
      "02:cc:00:ff:fe:00:00:01: "hill", next 02:cc:00:ff:fe:00:00:02, 10.5.0.1 fe80::cc:1 fe80::cc:101, has 10.55.1.0/24",
      "02:cc:00:ff:fe:00:00:02: 10.5.0.2 fe80::cc:102 fe80::cc:2",
      "02:cc:00:ff:fe:00:00:03: gateway, has 2001:db8:5::/48",
      "fe80::cc:9: ",
      "02:cc:00:ff:fe:00:00:01~02:cc:00:ff:fe:00:00:02: wireless, fe80::cc:1 - fe80::cc:2, quality ?/0.5, cost 300/?",
      "02:cc:00:ff:fe:00:00:01~02:cc:00:ff:fe:00:00:02~2: wired, fe80::cc:101 - fe80::cc:102, quality ?/1, cost 96/?",
      "02:cc:00:ff:fe:00:00:01~fe80::cc:9: wireless, fe80::cc:1 - fe80::cc:9, quality 0/0",
      "02:cc:00:ff:fe:00:00:01: 10.5.0.2/32 by 02:cc:00:ff:fe:00:00:02",
      "02:cc:00:ff:fe:00:00:01: 0.0.0.0/0 by 02:cc:00:ff:fe:00:00:02",
      "02:cc:00:ff:fe:00:00:01: 2001:db8:5::/48 by 02:cc:00:ff:fe:00:00:02",
    ]
  `);
});

test('batctl in JSON: who is behind whom, and the IP addresses of clients', () => {
  expect(told(read('batctl-json.txt').mesh)).toMatchInlineSnapshot(`
    [
      "02:dd:00:00:00:01: next 02:dd:00:00:00:02, leaves by 02:dd:00:00:00:04, 10.6.0.1 02:dd:00:00:00:01 02:dd:00:00:01:01, has 02:ee:00:00:00:01",
      "02:dd:00:00:00:02: 02:dd:00:00:00:02",
      "02:dd:00:00:00:03: 02:dd:00:00:00:03",
      "02:dd:00:00:00:04: gateway, 02:dd:00:00:00:04, has 02:ee:00:00:00:09 10.6.0.9/32",
      "02:dd:00:00:00:01~02:dd:00:00:00:02: wireless, quality 0.8/?",
      "02:dd:00:00:00:01~02:dd:00:00:00:03: wireless",
      "left out: client of an unknown node, 1",
    ]
  `);
});

test('batctl as text tells the same as in JSON, but for the ARP cache', () => {
  const [json, text] = [read('batctl-json.txt').mesh, read('batctl.txt').mesh];
  expect(text.links).toEqual(json.links);
  const withoutArp = json.nodes.map(node => ({
    ...node,
    addresses: [],
    networks: node.networks.filter(each => !each.includes('/')),
  }));
  expect(text.nodes).toEqual(withoutArp);
});

test('batadv-vis: all three of its formats tell the same', () => {
  const { mesh } = read('vis.jsondoc');
  expect(told(mesh)).toMatchInlineSnapshot(`
    [
      "02:dd:00:00:00:01: 02:dd:00:00:00:01 02:dd:00:00:00:11, has 02:dd:00:00:01:01 02:ee:00:00:00:01",
      "02:dd:00:00:00:02: 02:dd:00:00:00:02 02:dd:00:00:00:12",
      "02:dd:00:00:00:01~02:dd:00:00:00:02: other, 02:dd:00:00:00:01 - 02:dd:00:00:00:02, quality 0.8/0.5",
      "02:dd:00:00:00:01~02:dd:00:00:00:02~2: other, 02:dd:00:00:00:11 - 02:dd:00:00:00:12, quality 1/?",
      "left out: link to a missing node, 1",
    ]
  `);
  expect(read('vis.jsonl').mesh).toEqual(mesh);
  expect(read('vis.dot').mesh).toEqual(mesh);
});

test('respondd: links of batman-adv, Babel and LLDP', () => {
  expect(told(read('respondd.json').mesh)).toMatchInlineSnapshot(`
    [
      "02aa00000001: "gw-harbour", 53.51/10.01, gateway, 0 clients, 2001:db8::1 02:aa:00:00:00:01 02:aa:00:00:01:01 02:aa:00:00:01:02, model=x86 machine firmware=5.1 owner=gw@example.org site=north",
      "02aa00000002: "church-roof", 7 clients, next 02aa00000001, leaves by 02aa00000001, 2001:db8::2 fe80::2 02:aa:00:00:00:02 02:aa:00:00:02:01 02:aa:00:00:02:02 02:aa:00:00:02:09",
      "02aa00000003: "bakery", 02:aa:00:00:00:03 02:aa:00:00:03:02",
      "02aa00000004: "school", 02:aa:00:00:00:04",
      "02aa00000001~02aa00000002: tunnel, 02:aa:00:00:01:01 - 02:aa:00:00:02:01, quality 1/0.8",
      "02aa00000001~02aa00000002~2: wired, 02:aa:00:00:01:02 - 02:aa:00:00:02:09",
      "02aa00000002~02aa00000003: wireless, 02:aa:00:00:02:02 - 02:aa:00:00:03:02, quality 0.2/?",
      "02aa00000003~02aa00000004: wireless, fe80::3:1 - fe80::4:1, cost 300/?",
      "left out: link to a missing node, 1",
    ]
  `);
  expect(told(read('respondd.jsonl').mesh)).toMatchInlineSnapshot(`
    [
      "2026-03-01T11:00:05.000Z",
      "02aa00000001: "gw-harbour", 4 clients, 02:aa:00:00:00:01, firstSeen=2025-01-01T00:00:00Z",
      "02aa00000002: "church-roof", offline, 02:aa:00:00:00:02, firstSeen=2025-01-01T00:00:00Z lastSeen=2026-02-01T12:00:00Z",
    ]
  `);
});

test('respondd: answers of one node each by itself', () => {
  const { mesh } = readText(
    ['nodeinfo', 'statistics', 'neighbours']
      .map(part => JSON.stringify(partsOfOne[part as keyof typeof partsOfOne]))
      .join('\n'),
  );
  expect(told(mesh)).toMatchInlineSnapshot(`
    [
      "n1: "one", 2 clients, 10.1.0.1 02:aa:00:00:00:01",
    ]
  `);
});

const partsOfOne = {
  nodeinfo: { node_id: 'n1', hostname: 'one', network: { mac: '02:aa:00:00:00:01', addresses: ['10.1.0.1'] } },
  statistics: { node_id: 'n1', clients: { total: 2 }, memory: { total: 1 } },
  neighbours: { node_id: 'n1', batadv: { '02:aa:00:00:00:11': { neighbours: {} } } },
};

test('GeoJSON: lines by their names, or by what lies at their ends', () => {
  expect(told(read('mesh.geojson').mesh)).toMatchInlineSnapshot(`
    [
      "17: "church", 53.52/10.02, offline",
      "a: "harbour", 53.51/10.01, gateway, 3 clients, model=M",
      "17~a: other, quality ?/0.5",
      "17~a~2: tunnel, cost ?/2",
      "left out: feature that is no point and no line, 1",
      "left out: link to a missing node, 1",
    ]
  `);
});

test('freimap XML', () => {
  expect(told(read('ffmap.xml').mesh)).toMatchInlineSnapshot(`
    [
      "10.4.0.1: "hill & dale", 47.1/8.2, 10.4.0.1, height=3",
      "10.4.0.2: 47.11/8.21, 10.4.0.2 10.4.1.2",
      "attic: "attic", 47.12/8.22",
      "10.4.0.1~10.4.0.2: other, quality 1/0.8",
      "left out: link to a missing node, 1",
    ]
  `);
});

test('positions of one file and links of another are put together by address', () => {
  const { format, mesh } = read('ffmap.xml', 'txtinfo.txt');
  expect(format).toBe('freimap XML + olsrd txtinfo');
  const mill = mesh.nodes.find(({ id }) => id === '10.4.0.2');
  expect(mill).toMatchObject({
    position: { latitude: 47.11, longitude: 8.21 },
    addresses: ['10.4.0.2', '10.4.1.2', '10.4.2.2'],
  });
  expect(mesh.links.map(({ id }) => id)).toContain('10.4.0.2~10.4.0.3');
});
