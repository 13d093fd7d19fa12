import { WeirError } from '../error.js';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { run } from '../run/command.js';
import { expandMesh } from './mesh.js';
import { Network } from './network.js';
import { type Prefix, parsePrefix } from './prefix.js';
import { type Edge, type Graph, routesFrom } from './routes.js';
import { lossRules, masqueradeRules, silenceRules, trackRules } from './rules.js';
import type { LinkSpec, TopologySpec } from './schema.js';

/** Makes the network: a namespace for each node, links, addresses, routes, translation, and what links do to packets. */
export function buildTopology(lab: Lab, given: TopologySpec): Network {
  const spec = expandMesh(given);
  const graph = graphOf(spec);
  const namespaces = new Map(graph.nodes.map(name => [name, lab.namespace(name)]));
  for (const [i, link] of spec.links.entries()) lay(link, graph.edges[i]!, namespaces);
  for (const [name, namespace] of namespaces) {
    route(namespace, graph, name);
    namespace.run(['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
    const rules = rulesOf(spec, name);
    if (rules !== '') namespace.nft(rules);
  }
  return new Network(lab, spec, graph, namespaces);
}

/** Checks what the schema cannot: that names are of nodes, that prefixes are prefixes and no two links share one. */
export function graphOf(spec: TopologySpec): Graph {
  const nodes = Object.keys(spec.nodes);
  const edges = spec.links.map(link => edgeOf(link, nodes));
  const taken = new Set<string>();
  for (const key of edges.flatMap(({ nodes, prefixes }) => [
    [...nodes].sort().join(' - '),
    ...prefixes.map(p => p.text),
  ])) {
    if (taken.has(key))
      throw new WeirError(`${key} is there twice; a link is the only one between two nodes, and so is a prefix`);
    taken.add(key);
  }
  const outside = new Map<string, string>();
  for (const [name, node] of Object.entries(spec.nodes)) {
    const towards = node?.masquerade;
    if (towards === undefined) continue;
    if (!edges.some(edge => edge.nodes.includes(name) && edge.nodes.includes(towards) && name !== towards))
      throw new WeirError(`"${name}" is to masquerade towards "${towards}", which is no neighbour of it`);
    outside.set(name, towards);
  }
  return { nodes, edges, outside };
}

function edgeOf({ between, ipv4, ipv6 }: LinkSpec, nodes: readonly string[]): Edge {
  const [a, b] = between as [string, string];
  for (const name of [a, b])
    if (!nodes.includes(name)) throw new WeirError(`no node "${name}" for a link; there are ${nodes.join(', ')}`);
  if (a === b) throw new WeirError(`a link between "${a}" and itself; name two nodes`);
  const prefixes: Prefix[] = [];
  if (ipv4 !== undefined) prefixes.push(parsePrefix(ipv4, 4));
  if (ipv6 !== undefined) prefixes.push(parsePrefix(ipv6, 6));
  return { nodes: [a, b], prefixes };
}

/** Both ends are made inside their namespaces: no name is ever taken in the initial one. */
function lay(link: LinkSpec, { nodes: [a, b], prefixes }: Edge, namespaces: ReadonlyMap<string, Namespace>): void {
  const under = (name: string): string => (link.vlan === undefined ? name : `${name}.v`);
  const peer = ['type', 'veth', 'peer', 'name', under(a), 'netns', namespaces.get(b)!.name];
  namespaces.get(a)!.ip('link', 'add', under(b), ...peer);
  for (const [i, [here, there]] of (
    [
      [a, b],
      [b, a],
    ] as const
  ).entries()) {
    const namespace = namespaces.get(here)!;
    const vlan = ['link', under(there), 'name', there, 'type', 'vlan', 'id', String(link.vlan)];
    const commands = [`link set dev ${under(there)} up`];
    if (link.vlan !== undefined) commands.push(`link add ${vlan.join(' ')}`, `link set dev ${there} up`);
    for (const { family, hosts, length } of prefixes)
      commands.push(`address add ${hosts[i]}/${length} dev ${there}${family === 6 ? ' nodad' : ''}`);
    batch(namespace, commands);
    shape(namespace, there, link);
  }
  if (link.loss) namespaces.get(b)!.nft(lossRules(a, link.loss));
}

/**
 * Delay and rate on what leaves by the link; netem does both where it is needed for the delay. A slow link queues for up to two seconds: what
 * is dropped in front of a queue has been counted by connection tracking, but not by a capture.
 */
function shape(namespace: Namespace, device: string, { delay, rate }: LinkSpec): void {
  if (delay === undefined && rate === undefined) return;
  const limit = rate === undefined ? [] : ['rate', `${rate}mbit`];
  const discipline =
    delay === undefined
      ? ['tbf', ...limit, 'burst', '64kb', 'latency', '2s']
      : ['netem', 'limit', '100000', 'delay', `${delay}ms`, ...limit];
  namespace.run(['tc', 'qdisc', 'add', 'dev', device, 'root', ...discipline]);
}

function route(namespace: Namespace, graph: Graph, name: string): void {
  const routes = ([4, 6] as const).flatMap(family => routesFrom(graph, name, family));
  batch(
    namespace,
    routes.map(({ prefix, gateway }) => `route add ${prefix.text} via ${gateway}`),
  );
}

function batch(namespace: Namespace, commands: readonly string[]): void {
  if (commands.length > 0) run(['ip', '-n', namespace.name, '-batch', '-'], 60, `${commands.join('\n')}\n`);
}

function rulesOf(spec: TopologySpec, name: string): string {
  const { masquerade, silent, track, nft } = spec.nodes[name] ?? {};
  return [
    masquerade === undefined ? '' : masqueradeRules(masquerade),
    silent ? silenceRules : '',
    track ? trackRules : '',
    nft ?? '',
  ].join('');
}
