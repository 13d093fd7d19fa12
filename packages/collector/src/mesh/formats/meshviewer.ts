import type { MeshBuilder } from './builder.js';
import type { Document, Format } from './format.js';
import { linkKind } from './kinds.js';
import { at, count, either, isFields, list, moment, quality, text, truth } from './values.js';

/** meshviewer.json, by yanic, hopglass-server, mesh-announce and others: flat nodes, and links by node ids. */
export const meshviewer: Format = {
  name: 'meshviewer.json',
  is: ({ values: [value] }: Document) => {
    const nodes = list(at(value, 'nodes'));
    const like = (node: unknown) => at(node, 'node_id') !== undefined && at(node, 'nodeinfo') === undefined;
    return Array.isArray(at(value, 'links')) && Array.isArray(at(value, 'nodes')) && isTold(value, nodes, like);
  },
  read: ({ values: [value] }, mesh) => {
    mesh.of(moment(either(value, 'timestamp') ?? at(value, 'meta', 'timestamp')));
    for (const node of list(at(value, 'nodes'))) readNode(node, mesh);
    for (const link of list(at(value, 'links'))) readLink(link, mesh);
  },
};

/** Some node of the first ones is like it; a feed without nodes is one by its time. */
function isTold(value: unknown, nodes: readonly unknown[], like: (node: unknown) => boolean): boolean {
  return nodes.length === 0 ? either(value, 'timestamp', 'meta') !== undefined : nodes.slice(0, 50).some(like);
}

function readNode(value: unknown, mesh: MeshBuilder): void {
  if (!isFields(value)) {
    mesh.leaveOut('node that is none');
    return;
  }
  const node = mesh.declare(at(value, 'node_id'));
  if (node === undefined) return;
  node.name = text(at(value, 'hostname'));
  node.online = truth(at(value, 'is_online')) ?? truth(at(value, 'flags', 'online'));
  node.gateway = truth(at(value, 'is_gateway')) ?? truth(at(value, 'flags', 'gateway')) ?? false;
  node.clients = count(at(value, 'clients')) ?? count(at(value, 'clients', 'total'));
  node.nextHop = either(value, 'gateway_nexthop', 'nexthop');
  node.leavesBy = either(value, 'gateway', 'gateway6');
  const location = at(value, 'location');
  mesh.position(node, at(location, 'latitude'), at(location, 'longitude'));
  for (const address of list(at(value, 'addresses'))) mesh.address(node, address);
  const mac = text(at(value, 'mac'));
  if (mac !== undefined) {
    mesh.mac(node, mac);
    mesh.alias(mac, node.id);
  }
  node.detail('model', at(value, 'model'));
  node.detail('firmware', at(value, 'firmware', 'release') ?? at(value, 'firmware'));
  node.detail('owner', either(value, 'owner', 'contact') ?? at(value, 'owner', 'contact'));
  node.detail('site', either(value, 'domain', 'site_code'));
  node.seen(at(value, 'firstseen'), at(value, 'lastseen'));
}

function readLink(value: unknown, mesh: MeshBuilder): void {
  if (!isFields(value)) {
    mesh.leaveOut('link that is none');
    return;
  }
  const [from, to] = [at(value, 'source'), at(value, 'target')];
  const both = either(value, 'tq', 'quality');
  const [fromAddress, toAddress] = [
    text(either(value, 'source_addr', 'source_mac')),
    text(either(value, 'target_addr', 'target_mac')),
  ];
  // Addresses of interfaces are names of their nodes, too: next hops may be given by them.
  mesh.alias(fromAddress, from);
  mesh.alias(toAddress, to);
  mesh.link({
    from,
    to,
    kind: linkKind(at(value, 'type')),
    fromAddress,
    toAddress,
    quality: quality(either(value, 'source_tq') ?? both),
    reverseQuality: quality(either(value, 'target_tq') ?? both),
    whole: true,
  });
}
