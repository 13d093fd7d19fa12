import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { detect } from '../detect.js';
import type { Mesh } from '../mesh.js';

// Meshes of real communities are beside the repository, not in it (see CONTRIBUTING.md); what is expected is worked out here from the raw text.
const DATA = new URL('../../../../../../shared/data/mesh/', import.meta.url);
const present = existsSync(DATA);
const skip = present ? '' : ' (skipped: no ../shared/data/mesh beside the repository)';

function read(name: string) {
  const octets = readFileSync(new URL(name, DATA));
  return { text: octets.toString('utf8'), detected: detect([octets]) };
}

function numbers(mesh: Mesh) {
  return {
    nodes: mesh.nodes.length,
    online: mesh.nodes.filter(({ online }) => online).length,
    gateways: mesh.nodes.filter(({ gateway }) => gateway).length,
    unplaced: mesh.nodes.filter(({ position }) => position === undefined).length,
    links: mesh.links.length,
  };
}

interface RawNode {
  node_id: string;
  is_online: boolean;
  is_gateway: boolean;
  gateway_nexthop?: string;
  location?: { latitude?: number };
}

test.skipIf(!present)(`a meshviewer.json of 891 nodes${skip}`, () => {
  const { text, detected } = read('meshviewer-batman.json');
  const raw = JSON.parse(text) as { nodes: RawNode[]; links: { source: string; target: string; source_tq: number }[] };
  const ids = new Set(raw.nodes.map(node => node.node_id));
  const links = raw.links.filter(({ source, target }) => ids.has(source) && ids.has(target) && source !== target);
  expect(detected.format).toBe('meshviewer.json');
  expect(numbers(detected.mesh)).toEqual({
    nodes: ids.size,
    online: raw.nodes.filter(node => node.is_online).length,
    gateways: raw.nodes.filter(node => node.is_gateway).length,
    unplaced: raw.nodes.filter(node => node.location?.latitude === undefined).length,
    links: links.length,
  });
  expect(numbers(detected.mesh)).toMatchObject({ nodes: 891, links: 1395, gateways: 6, unplaced: 137 });
  expect(detected.mesh.at).toBe(Date.parse('2020-05-13T11:11:52Z'));
  const sum = links.reduce((all, link) => all + link.source_tq, 0);
  const told = new Map(
    detected.mesh.links.map(link => [`${link.source}${link.sourceAddress}${link.targetAddress}`, link]),
  );
  expect(told.size).toBe(1395);
  const forward = new Set(links.map(({ source, target }) => source < target));
  expect(forward.size).toBe(2);
  const back = raw.links as unknown as { source: string; target: string; source_addr: string; target_addr: string }[];
  const qualities = back.map(link => {
    const straight = told.get(`${link.source}${link.source_addr}${link.target_addr}`);
    return straight === undefined
      ? told.get(`${link.target}${link.target_addr}${link.source_addr}`)?.reverseQuality
      : straight.quality;
  });
  expect(qualities.reduce<number>((all, quality) => all + (quality ?? 0), 0)).toBeCloseTo(sum, 6);
  const hops = new Set(detected.mesh.nodes.filter(({ nextHop }) => nextHop !== undefined).map(({ id }) => id));
  const rawHops = raw.nodes.filter(
    node => ids.has(node.gateway_nexthop ?? '') && node.gateway_nexthop !== node.node_id,
  );
  for (const { node_id } of rawHops) expect(hops).toContain(node_id);
  expect(new Set(detected.mesh.links.map(({ id }) => id)).size).toBe(1395);
});

test.skipIf(!present)(`an OLSR mesh in latlon.js${skip}`, () => {
  const { text, detected } = read('olsrd-latlon.js');
  const lines = text.split('\n');
  const cells = (start: RegExp) =>
    lines.filter(line => start.test(line)).map(line => line.replace(/^\w+\(|\);$/g, '').split(','));
  const nodes = cells(/^(Node|Self)\(/);
  const links = cells(/^P?Link\(/);
  const placed = nodes.filter(([, latitude, longitude]) => Math.abs(+latitude!) <= 90 && Math.abs(+longitude!) <= 180);
  const ends = new Set(links.flatMap(([a, b]) => [a!, b!]));
  const known = new Set(nodes.map(([id]) => id!));
  const mains = new Set(cells(/^Mid\(/).map(([main]) => main!));
  const all = new Set([...known, ...ends, ...mains]);
  expect(detected.format).toBe('latlon.js');
  expect(numbers(detected.mesh)).toEqual({
    nodes: all.size,
    online: all.size,
    gateways: nodes.filter(([, , , gateway]) => gateway === '1').length,
    unplaced: all.size - placed.length,
    links: new Set(links.map(([a, b]) => [a, b].sort().join())).size,
  });
  expect(numbers(detected.mesh)).toMatchObject({ nodes: 393, links: 859, gateways: 24, unplaced: 173 });
  expect(detected.mesh.leftOut).toEqual({ 'position that is none': nodes.length - placed.length });
  // Both ends tell: what each hears itself counts, and the cost is that of its own route over the link.
  const link = detected.mesh.links.find(({ id }) => id === '10.162.142.235~10.60.157.87');
  expect(link).toMatchObject({ quality: 0.219608, reverseQuality: 0.352941, cost: 10.946969, reverseCost: 12.760007 });
});
