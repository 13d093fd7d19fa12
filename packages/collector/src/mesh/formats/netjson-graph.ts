import { canonicalAddress } from '../address.js';
import type { MeshBuilder } from './builder.js';
import { linkKind } from './kinds.js';
import { at, cost, either, isFields, list, number, quality, text, truth } from './values.js';

/** What a node of a graph by olsrd2 is where it is no router, but a network behind one. */
const NETWORKS = new Set(['lan', 'attached']);

/** A NetworkGraph. */
export function readGraph(value: unknown, mesh: MeshBuilder): void {
  const isNetwork = new Set<string>();
  const inOtherFamily = new Set<string>();
  for (const node of list(at(value, 'nodes'))) readNode(node, mesh, isNetwork, inOtherFamily);
  const overQuality = /etx|tq/i.test(text(at(value, 'metric')) ?? '');
  for (const link of list(at(value, 'links'))) {
    const ends = [text(at(link, 'source')) ?? '', text(at(link, 'target')) ?? ''];
    if (ends.some(end => isNetwork.has(end))) continue;
    if (ends.every(end => inOtherFamily.has(end))) mesh.leaveOut('link told of in IPv4, too');
    else readLink(link, overQuality, mesh);
  }
}

function readNode(value: unknown, mesh: MeshBuilder, isNetwork: Set<string>, inOtherFamily: Set<string>): void {
  const id = text(at(value, 'id'));
  const properties = at(value, 'properties');
  const label = text(at(value, 'label'));
  const type = at(properties, 'type');
  if (id !== undefined && typeof type === 'string' && NETWORKS.has(type)) {
    isNetwork.add(id);
    readNetwork(at(properties, 'router_id'), label, mesh);
    return;
  }
  const node = mesh.node(id);
  if (node === undefined) return;
  node.name ??= text(either(properties, 'hostname', 'name')) ?? (label === id ? undefined : label);
  const own = [id, label, at(properties, 'router_addr'), ...list(at(value, 'local_addresses'))];
  for (const each of new Set(own.map(text))) {
    const address = canonicalAddress(each ?? '');
    if (address === undefined) continue;
    node.addresses.add(address);
    mesh.alias(address, node.id);
  }
  const location = at(properties, 'location') ?? at(value, 'location') ?? properties;
  mesh.position(node, either(location, 'latitude', 'lat'), either(location, 'longitude', 'lng', 'lon'));
  node.gateway ||= truth(either(properties, 'gateway', 'is_gateway')) ?? false;
  node.online ??= truth(at(properties, 'online'));
  node.clients ??= number(at(properties, 'clients'));
  for (const name of ['model', 'firmware', 'owner', 'site']) node.detail(name, at(properties, name));
  joinFamilies(id!, properties, mesh, inOtherFamily);
}

/** olsrd2 tells of a router twice, by its IPv4 and by its IPv6 address: the IPv6 one is another name of the IPv4 one. */
function joinFamilies(id: string, properties: unknown, mesh: MeshBuilder, inOtherFamily: Set<string>): void {
  const other = text(at(properties, 'dualstack_id'));
  const address = canonicalAddress(text(at(properties, 'router_addr')) ?? '');
  if (other === undefined || address === undefined || !address.includes(':')) return;
  mesh.alias(id, other);
  inOtherFamily.add(id);
}

/** Its label is "ROUTER - NETWORK". */
function readNetwork(router: unknown, label: string | undefined, mesh: MeshBuilder): void {
  const node = mesh.node(router);
  if (node !== undefined) mesh.network(node, label?.split(' - ').at(-1));
}

function readLink(value: unknown, overQuality: boolean, mesh: MeshBuilder): void {
  if (!isFields(value)) {
    mesh.leaveOut('link that is none');
    return;
  }
  const [from, to, properties] = [at(value, 'source'), at(value, 'target'), at(value, 'properties')];
  const told = cost(at(value, 'cost'));
  const byCost = overQuality && told !== undefined && told >= 1 ? quality(1 / told) : undefined;
  // The source tells: LQ is what it hears of the target, NLQ what the target hears of it.
  const link = {
    from,
    to,
    kind: linkKind(either(properties, 'link_type', 'type', 'interface')),
    quality: quality(at(properties, 'nlq')) ?? byCost,
    reverseQuality: quality(at(properties, 'lq')),
    cost: told,
    reverseCost: cost(either(properties, 'in_cost', 'in')),
  };
  const several = list(at(properties, 'links')).filter(isFields);
  if (several.length === 0) {
    mesh.link(link);
    return;
  }
  for (const one of several) readInterfaceLink(one, link, mesh);
}

/** One of the links between two neighbours, by olsrd2 on one of them. */
function readInterfaceLink(value: unknown, link: Parameters<MeshBuilder['link']>[0], mesh: MeshBuilder): void {
  const [fromAddress, toAddress] = [at(value, 'source_addr'), at(value, 'target_addr')].map(each =>
    canonicalAddress(text(each) ?? ''),
  );
  mesh.alias(fromAddress, link.from);
  mesh.alias(toAddress, link.to);
  const [out, back] = [cost(at(value, 'cost')), cost(at(value, 'in_cost'))];
  mesh.link({
    ...link,
    fromAddress,
    toAddress,
    kind: linkKind(at(value, 'interface')),
    cost: out ?? link.cost,
    reverseCost: back ?? link.reverseCost,
  });
}
