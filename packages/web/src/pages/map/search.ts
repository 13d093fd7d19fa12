import type { MapMesh, MapNode } from '../../map/mesh.js';

/** Nodes whose name, id, address or details hold all words of a search; names that begin with it first. */
export function search({ nodes }: MapMesh, text: string): MapNode[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  if (words.length === 0) return [];
  const found = nodes.filter(({ node, topology }) => {
    const all = [node.name, node.id, topology, ...node.addresses, ...Object.values(node.details)]
      .join('\n')
      .toLowerCase();
    return words.every(word => all.includes(word));
  });
  const rank = ({ node: { name } }: MapNode): number => (name.toLowerCase().startsWith(words[0]!) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b) || a.node.name.localeCompare(b.node.name));
}

/** What a filter leaves of a mesh. */
export type Filter = '' | 'online' | 'gateways' | 'loaded';

/** Which of the nodes a filter keeps; links stay where both ends do. */
export function keeps(filter: Filter, loaded: ReadonlySet<string>): (node: MapNode) => boolean {
  if (filter === 'online') return ({ node }) => node.online;
  if (filter === 'gateways') return ({ node }) => node.gateway || node.nextHop !== undefined;
  if (filter === 'loaded') return ({ key }) => loaded.has(key);
  return () => true;
}
