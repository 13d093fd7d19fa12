import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WeirError } from '../error.js';
import { detect } from './detect.js';
import { fixture, fixtures, read, readText } from './formats/testing/fixtures.js';
import type { Mesh } from './mesh.js';

/** What whoever takes a Mesh relies on. */
function check({ nodes, links, routes, leftOut }: Mesh): void {
  const ids = new Set(nodes.map(({ id }) => id));
  expect(ids.size).toBe(nodes.length);
  expect(new Set(links.map(({ id }) => id)).size).toBe(links.length);
  for (const node of nodes) {
    expect(node.id).toMatch(/^[^\p{Cc}\p{Cs}]{1,200}$/u);
    for (const id of [node.nextHop, node.leavesBy]) if (id !== undefined) expect(ids).toContain(id);
    const { latitude, longitude } = node.position ?? { latitude: 1, longitude: 1 };
    expect(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0)).toBe(true);
    for (const value of Object.values(node.details)) expect(['string', 'number']).toContain(typeof value);
    for (const text of [...node.addresses, ...node.macs, ...node.networks]) expect(text).toMatch(/^[0-9a-f.:/]+$/);
  }
  for (const link of links) {
    expect(link.id.startsWith(`${link.source}~${link.target}`)).toBe(true);
    expect(link.source < link.target && ids.has(link.source) && ids.has(link.target)).toBe(true);
    for (const quality of [link.quality, link.reverseQuality])
      expect((quality ?? 0) >= 0 && (quality ?? 0) <= 1).toBe(true);
    for (const cost of [link.cost, link.reverseCost]) expect((cost ?? 0) >= 0 && (cost ?? 0) < 1e12).toBe(true);
  }
  for (const route of routes) expect(ids.has(route.at) && ids.has(route.via)).toBe(true);
  for (const times of Object.values(leftOut)) expect(times).toBeGreaterThan(0);
}

/** A mesh that holds to what it says, or an error for people: nothing else may come of octets from outside. */
function readSafely(octets: Uint8Array): Mesh | undefined {
  try {
    const { mesh } = detect([octets]);
    check(mesh);
    return mesh;
  } catch (error) {
    expect(error).toBeInstanceOf(WeirError);
    return undefined;
  }
}

describe('every fixture', () => {
  const hostile: unknown[] = [
    null,
    0,
    -1,
    1e308,
    '',
    ' ',
    '\0',
    '\ud800',
    'x'.repeat(300),
    [],
    {},
    [[]],
    [null],
    true,
    '__proto__',
    0.5,
    'NaN',
    '1e999',
  ];

  test.each(fixtures)('%s with octets changed, cut out and doubled', name => {
    const whole = fixture(name);
    const change = fc.tuple(
      fc.nat(whole.length),
      fc.nat(20),
      fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.nat(whole.length)),
    );
    const changed = fc.array(change, { minLength: 1, maxLength: 8 }).map(changes =>
      changes.reduce<Buffer>((octets, [from, length, put]) => {
        const instead = typeof put === 'number' ? octets.subarray(put, put + 60) : put;
        return Buffer.concat([octets.subarray(0, from), instead, octets.subarray(from + length)]);
      }, whole),
    );
    fc.assert(
      fc.property(changed, octets => void readSafely(octets)),
      { numRuns: 80 },
    );
  });

  test.each(fixtures.filter(name => /json/.test(name)))('%s with values of wrong types anywhere', name => {
    const text = fixture(name).toString();
    const places = [...text.matchAll(/(?<=[:[,]\s*)(?:"[^"]*"|-?\d[\d.]*|true|false|null)(?=\s*[,\]}])|\[\]|\{\}/g)];
    const edits = fc.array(fc.tuple(fc.nat(places.length - 1), fc.constantFrom(...hostile)), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(edits, chosen => {
        const ordered = new Map(chosen.map(([i, value]) => [places[i]!, JSON.stringify(value)]));
        let edited = text;
        for (const [place, value] of [...ordered].sort(([a], [b]) => b.index - a.index)) {
          edited = edited.slice(0, place.index) + value + edited.slice(place.index + place[0].length);
        }
        readSafely(Buffer.from(edited));
      }),
      { numRuns: 120 },
    );
  });

  test.each(fixtures)('%s read twice is the same, and with a byte order mark', name => {
    const { mesh } = read(name);
    check(mesh);
    expect(detect([Buffer.concat([Buffer.from('\ufeff'), fixture(name)])]).mesh).toEqual(mesh);
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(fixture(name).toString(), 'utf16le')]);
    expect(detect([wide]).mesh).toEqual(mesh);
  });
});

describe('what is no topology is refused with what, why and what to do', () => {
  test.each([
    ['', /it is empty/],
    ['   \n', /it is empty/],
    ['<!DOCTYPE html><html><body>404</body></html>', /web page: give the URL of the data/],
    ['{"error":"no"}', /begins with "\{\\"error/],
    ['[1,2,3]', /Weir reads NetJSON, GeoJSON, meshviewer.json/],
    ['{"nodes":[],"links":[],"timestamp":"2026-01-01T00:00:00Z"}', /has no nodes: look whether its producer/],
    ['{"nodes":', /this is no topology that Weir knows/],
  ])('%j', (text, message) => {
    expect(() => readText(text)).toThrow(WeirError);
    expect(() => readText(text)).toThrow(message);
  });

  test('more than 64 MB', () => {
    const half = new Uint8Array(33 * 1024 * 1024);
    expect(() => detect([half, half])).toThrow(/66 MB, more than the 64 MB that Weir reads/);
  });
});

describe('hazards', () => {
  test('nesting that would overflow a recursion', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(() => readText(deep)).toThrow(WeirError);
    const nodes = `{"nodes":[{"node_id":"a","hostname":${deep}}],"links":[]}`;
    expect(readText(nodes).mesh.nodes).toMatchObject([{ id: 'a' }]);
    const collections = `${'{"type":"NetworkCollection","collection":['.repeat(9)}${']}'.repeat(9)}`;
    expect(() => readText(collections)).toThrow(/has no nodes/);
  });

  test('keys of prototypes are names like others', () => {
    const { mesh } = readText(
      '{"timestamp":1772362805,"nodes":[{"node_id":"__proto__","__proto__":{"hostname":"x","is_gateway":true},"constructor":1},{"node_id":"constructor","hostname":"c"}],"links":[{"source":"__proto__","target":"constructor","type":"toString"}]}',
    );
    expect(mesh.nodes.map(({ id, name, gateway }) => [id, name, gateway])).toEqual([
      ['__proto__', undefined, false],
      ['constructor', 'c', false],
    ]);
    expect(mesh.links).toMatchObject([{ id: '__proto__~constructor', kind: 'other' }]);
    expect(({} as Record<string, unknown>).hostname).toBeUndefined();
  });

  test('ids with the sign that links are named with do not clash', () => {
    const node = (id: string) => ({ node_id: id });
    const link = (source: string, target: string) => ({ source, target });
    const { mesh } = readText(
      JSON.stringify({ nodes: ['a', 'a~b', 'b~c', 'c'].map(node), links: [link('a', 'b~c'), link('a~b', 'c')] }),
    );
    expect(mesh.links.map(({ id }) => id)).toEqual(['a~b~c', 'a~b~c~2']);
  });

  const spaces = ' '.repeat(500_000);
  test.each([
    [
      'batctl',
      `[B.A.T.M.A.N. adv 1, MainIF/MAC: w/02:dd:00:00:00:01 (b/02:dd:00:00:01:01 X)]\n *${spaces}x\n${'* \t \t'.repeat(1e5)}`,
    ],
    [
      'latlon',
      `Self('10.0.0.1',1,1,1,'','')\nNode('a',${spaces}x'\n${"Mid('".repeat(1e5)}\n${'Link(1,2)  '.repeat(1e5)}`,
    ],
    ['olsrd dot', `digraph topology\n{\n${'\n'.repeat(5e5)}"${spaces}" -> "b`],
    ['txtinfo', `Table: MID\nTable: ${spaces}x\n${'\n'.repeat(5e5)}10.0.0.1\t10.0.0.2`],
    ['babeld', `BABEL 1.0\nadd route x${spaces}y\nadd xroute a${' prefix'.repeat(1e5)}`],
    [
      'ffmap',
      `<ffmap version="1.0">${'<!--'.repeat(1e5)}<node ${'coords '.repeat(1e5)}<node ${'c'.repeat(5e5)}${'<node a="'.repeat(1e5)}`,
    ],
    ['JSON', `[${'{"a":['.repeat(1e5)}`],
    ['JSON lines', '{} '.repeat(1e5)],
    [
      'texts',
      `{"nodes":[{"node_id":"a","hostname":"${spaces}","firstseen":"${spaces}","mac":"${':'.repeat(5e5)}"}],"links":[]}`,
    ],
  ])('%s made to be slow is not', (_, text) => {
    const begin = performance.now();
    readSafely(Buffer.from(text));
    expect(performance.now() - begin).toBeLessThan(3000);
  });

  test('4 MB are read at once', () => {
    const nodes = Array.from({ length: 6000 }, (_, i) => ({
      node_id: `n${i}`,
      hostname: `node ${i}`,
      is_online: true,
      clients: i % 9,
      mac: `02:00:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`,
      addresses: [`2001:db8::${i.toString(16)}`, `fe80::${i.toString(16)}`],
      location: { latitude: 50 + i / 1e4, longitude: 10 + i / 1e4 },
      model: 'a router of some make',
      firmware: { release: '2026.1', base: 'gluon' },
      firstseen: '2025-01-01T00:00:00+0000',
      nproc: 1,
      autoupdater: { enabled: true, branch: 'stable' },
    }));
    const links = Array.from({ length: 20_000 }, (_, i) => ({
      source: `n${i % 6000}`,
      target: `n${(i * 7 + 1) % 6000}`,
      type: 'wifi',
      source_tq: 0.5,
      target_tq: 0.75,
      source_addr: `02:00:00:01:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`,
      target_addr: `02:00:00:02:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`,
    }));
    const octets = Buffer.from(JSON.stringify({ timestamp: '2026-03-01T00:00:00Z', nodes, links }));
    expect(octets.length).toBeGreaterThan(4e6);
    const begin = performance.now();
    const { mesh } = detect([octets]);
    // Some 300 ms; the bound is for machines that do much else.
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(mesh.nodes).toHaveLength(6000);
    expect(mesh.links.length + (mesh.leftOut['link from a node to itself'] ?? 0)).toBe(20_000);
  });
});
