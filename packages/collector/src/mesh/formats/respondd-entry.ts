import { canonicalAddress } from '../address.js';
import type { LinkKind } from '../mesh.js';
import type { MeshBuilder } from './builder.js';
import { linkKind } from './kinds.js';
import type { NodeDraft } from './node-draft.js';
import { at, cost, count, either, entries, list, number, quality, text, truth } from './values.js';

/** Babel's cost of a link that is down. */
const BABEL_INFINITY = 65_535;

/** Whether this tells of one node as respondd does. */
export function isEntry(value: unknown): boolean {
  const parts = ['nodeinfo', 'statistics', 'neighbours'].map(name => at(value, name));
  return (
    parts.some(part => at(part, 'node_id') !== undefined) || at(parts[0], 'network') !== undefined || isBare(value)
  );
}

/** An answer by itself, without the name of what was asked around it. */
function isBare(value: unknown): boolean {
  const named = at(value, 'node_id') !== undefined;
  return named && ['network', 'batadv', 'babel', 'memory'].some(name => at(value, name) !== undefined);
}

/** One node of nodes.json, raw.json or of respondd itself: nodeinfo, statistics, neighbours and what a collector says of it. */
export function readEntry(value: unknown, mesh: MeshBuilder): void {
  const bare = isBare(value) ? value : undefined;
  const info = at(value, 'nodeinfo') ?? (at(bare, 'network') === undefined ? undefined : bare);
  const statistics = at(value, 'statistics') ?? (at(bare, 'memory') === undefined ? undefined : bare);
  const neighbours = at(value, 'neighbours') ?? ((at(bare, 'batadv') ?? at(bare, 'babel')) ? bare : undefined);
  const ids = [info, statistics, neighbours].map(part => at(part, 'node_id'));
  // Answers of one node may come one by one; a second entry with nodeinfo is a second node of the same id.
  const id = ids.find(found => text(found) !== undefined);
  const node = info === undefined ? mesh.node(id) : mesh.declare(id);
  if (node === undefined) return;
  node.online ??= truth(at(value, 'flags', 'online')) ?? truth(at(value, 'online'));
  node.gateway ||=
    truth(either(value, 'is_gateway') ?? at(value, 'flags', 'gateway') ?? either(info, 'vpn', 'gateway')) ?? false;
  readInfo(node, info, mesh);
  readStatistics(node, statistics);
  node.seen(at(value, 'firstseen'), at(value, 'lastseen'));
  // What an offline node said last of its neighbours is past.
  if (node.online !== false) readNeighbours(node, neighbours, interfaceKinds(info), mesh);
}

function readInfo(node: NodeDraft, info: unknown, mesh: MeshBuilder): void {
  node.name ??= text(at(info, 'hostname'));
  mesh.position(node, at(info, 'location', 'latitude'), at(info, 'location', 'longitude'));
  for (const address of list(at(info, 'network', 'addresses'))) mesh.address(node, address);
  const mac = text(at(info, 'network', 'mac'));
  for (const each of [...(mac === undefined ? [] : [mac]), ...interfaceKinds(info).keys()]) {
    // The interfaces of Babel are told of by their IP addresses.
    if (canonicalAddress(each) === undefined) mesh.mac(node, each);
    mesh.alias(each, node.id);
  }
  node.detail('model', at(info, 'hardware', 'model'));
  node.detail('firmware', at(info, 'software', 'firmware', 'release'));
  node.detail('owner', at(info, 'owner', 'contact'));
  node.detail('site', at(info, 'system', 'domain_code') ?? at(info, 'system', 'site_code'));
}

function readStatistics(node: NodeDraft, statistics: unknown): void {
  node.clients ??= count(at(statistics, 'clients', 'total')) ?? count(at(statistics, 'clients'));
  node.nextHop ??= either(statistics, 'gateway_nexthop', 'nexthop');
  node.leavesBy ??= either(statistics, 'gateway', 'gateway6');
}

/** Addresses of the interfaces that mesh -> what they are. Old Gluon tells of the addresses alone. */
function interfaceKinds(info: unknown): Map<string, LinkKind> {
  const kinds = new Map<string, LinkKind>();
  for (const [, mesh] of entries(at(info, 'network', 'mesh'))) {
    for (const [kind, addresses] of entries(at(mesh, 'interfaces'))) {
      for (const address of list(addresses)) {
        const name = text(address);
        if (name !== undefined) kinds.set(name.toLowerCase(), linkKind(kind));
      }
    }
  }
  for (const address of list(at(info, 'network', 'mesh_interfaces'))) {
    const name = text(address);
    if (name !== undefined && !kinds.has(name.toLowerCase())) kinds.set(name.toLowerCase(), 'other');
  }
  return kinds;
}

function readNeighbours(
  node: NodeDraft,
  neighbours: unknown,
  kinds: ReadonlyMap<string, LinkKind>,
  mesh: MeshBuilder,
): void {
  const link = (
    own: string | undefined,
    other: string,
    told: { quality?: number | undefined; cost?: number | undefined },
    kind: LinkKind,
  ) => {
    mesh.alias(own, node.id);
    mesh.link({
      from: node.id,
      to: other,
      kind,
      fromAddress: own?.toLowerCase(),
      toAddress: other.toLowerCase(),
      ...told,
    });
  };
  const kindOf = (own: string | undefined) => kinds.get(own?.toLowerCase() ?? '') ?? 'other';
  for (const [own, to] of entries(at(neighbours, 'batadv'))) {
    for (const [other, told] of entries(at(to, 'neighbours'))) {
      const tq = number(at(told, 'tq'));
      link(own, other, { quality: tq === undefined ? undefined : quality(tq / 255) }, kindOf(own));
    }
  }
  for (const [name, to] of entries(at(neighbours, 'babel'))) {
    const own = text(at(to, 'll-addr'));
    const kind = kindOf(own) === 'other' ? linkKind(name) : kindOf(own);
    for (const [other, told] of entries(at(to, 'neighbours'))) {
      const babel = cost(at(told, 'cost'));
      link(own, other, { cost: babel !== undefined && babel < BABEL_INFINITY ? babel : undefined }, kind);
    }
  }
  for (const [own, others] of entries(at(neighbours, 'lldp'))) {
    // Gluon tells of each neighbour by its address as a key, yanic by a list of them.
    const macs = Array.isArray(others) ? list(others).map(text) : entries(others).map(([mac]) => mac);
    for (const other of macs) if (other !== undefined) link(own, other, {}, 'wired');
  }
}
