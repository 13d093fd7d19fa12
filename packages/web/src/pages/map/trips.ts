import type { MapMesh } from '../../map/mesh.js';

/** Addresses of one node in a filter: more would make it longer than it may be. */
const MOST = 6;

/**
 * A filter for the Flows that go over a link as its exporters tell: seen at one end, with the other as next hop. For a node those that it
 * has a part in. Undefined where no address is known.
 */
export function flowsOver(mesh: MapMesh, key: string): string | undefined {
  const node = mesh.nodeAt.get(key);
  if (node !== undefined) return anyOf('host ', addressesOf(mesh, node));
  const at = mesh.linkAt.get(key);
  if (at === undefined) return undefined;
  const { source, target } = mesh.links[at]!;
  const [a, b] = [addressesOf(mesh, source), addressesOf(mesh, target)];
  if (a.length === 0 || b.length === 0) return undefined;
  const over = (from: readonly string[], to: readonly string[]): string =>
    `(${anyOf('exporter = ', from)} and ${anyOf('nexthop = ', to)})`;
  return `${over(a, b)} or ${over(b, a)}`;
}

/** Link-local addresses are no Flow's: they say nothing of which node. */
function addressesOf({ nodes }: MapMesh, index: number): string[] {
  return nodes[index]!.node.addresses.filter(address => !/^fe[89ab]/i.test(address)).slice(0, MOST);
}

function anyOf(word: string, addresses: readonly string[]): string | undefined {
  if (addresses.length === 0) return undefined;
  const terms = addresses.map(address => `${word}${address}`);
  return terms.length === 1 ? terms[0] : `(${terms.join(' or ')})`;
}
