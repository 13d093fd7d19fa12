import type { MapLink, MapMesh } from '../../map/mesh.js';

/** The name of a node by its index. */
export function nodeName({ nodes }: MapMesh, index: number): string {
  return nodes[index]!.node.name;
}

/** "a – b", with a number behind it where it is one of several parallel links. */
export function linkName(mesh: MapMesh, { source, target, link }: MapLink): string {
  const parallel = /~(\d+)$/.exec(link.id.slice(link.source.length + 1 + link.target.length));
  return `${nodeName(mesh, source)} – ${nodeName(mesh, target)}${parallel ? ` (${parallel[1]})` : ''}`;
}

/** The name of what has a key; undefined where it is not there at the time that is shown. */
export function nameOf(mesh: MapMesh, key: string): string | undefined {
  const node = mesh.nodeAt.get(key);
  if (node !== undefined) return nodeName(mesh, node);
  const link = mesh.linkAt.get(key);
  return link === undefined ? undefined : linkName(mesh, mesh.links[link]!);
}
