import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KernelNamespace } from './kernel-namespace.js';
import type { KernelDescriptors } from './kernel-programs.js';
import { libbpf } from './libbpf.js';
import * as libc from './libc.js';
import { mapOf, noMaps } from './testing/maps.js';

const RING_OCTETS = 1 << 16;
const NAMESPACE = 4_026_531_840;

/** In the place of the maps of the programs; -1 is one that the kernel does not know. */
let maps: Omit<KernelDescriptors, 'taken'>;
let taken: Uint8Array;

beforeEach(({ skip }) => {
  const reason = noMaps();
  skip(reason !== undefined, reason);
  const [slots, namespaces, connections, rings] = [mapOf(4, 4), mapOf(4, 4), mapOf(4, 4), mapOf(4, 4)];
  taken = Uint8Array.of(1, 0);
  maps = { slots, namespaces, connections, rings, vlans: mapOf(8, 4), neighbours: mapOf(24, 8), sweep: -1 };
});

afterEach(() => {
  for (const descriptor of Object.values(maps ?? {})) if (descriptor >= 0) libc.close(descriptor);
});

/** Maps that this process holds, and how many it has in its memory. */
function held(): [open: number, mapped: number] {
  const links = readdirSync('/proc/self/fd').map(name => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      return '';
    }
  });
  const mapped = readFileSync('/proc/self/maps', 'utf8').match(/bpf-map|bpf_ringbuf/g)?.length ?? 0;
  return [links.filter(link => link.includes('bpf')).length, mapped];
}

test.each<[string, number, number, Partial<KernelDescriptors>]>([
  ['the map of connections', 0, RING_OCTETS, {}],
  ['the ring', 64, RING_OCTETS - 1, {}],
  ['its place among the connections', 64, RING_OCTETS, { connections: -1 }],
  ['its place among the rings', 64, RING_OCTETS, { rings: -1 }],
  ['the link of the sweep', 64, RING_OCTETS, {}],
])('where the kernel refuses %s, nothing is left', (_, capacity, ringOctets, refused) => {
  const before = held();
  const descriptors = { ...maps, taken, ...refused };
  expect(() => new KernelNamespace(descriptors, NAMESPACE, capacity, ringOctets)).toThrow(/^bpf\(/);
  expect(held()).toEqual(before);
  expect([...taken]).toEqual([1, 0]);
  const key = new Uint8Array(Uint32Array.of(1).buffer);
  for (const map of [maps.namespaces, maps.connections, maps.rings]) expect(libbpf().mapDelete(map, key)).not.toBe(0);
});

test('where all slots are taken, it says so', () => {
  const descriptors = { ...maps, taken: Uint8Array.of(1, 1) };
  expect(() => new KernelNamespace(descriptors, NAMESPACE, 64, RING_OCTETS)).toThrow(/more than 2 network namespaces/);
});
