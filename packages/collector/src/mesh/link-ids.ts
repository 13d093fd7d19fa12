import { freeLinkId } from './formats/links.js';
import type { Mesh, MeshLink } from './mesh.js';

/**
 * The new state with its links named as in the state before: where one of several parallel links goes away, or another one comes, the others
 * keep their names.
 */
export function keepLinkIds(before: Mesh, mesh: Mesh): Mesh {
  const known = new Map(before.links.map(link => [keyOf(link), link.id]));
  const taken = new Set<string>();
  // Those that are known choose first.
  const kept = mesh.links.map(link => {
    const id = known.get(keyOf(link));
    if (id !== undefined) taken.add(id);
    return id;
  });
  const links = mesh.links.map((link, i) => {
    const id = kept[i] ?? freeLinkId(`${link.source}~${link.target}`, taken);
    taken.add(id);
    return id === link.id ? link : { ...link, id };
  });
  return { ...mesh, links };
}

/** Links that nothing tells apart have their numbers in the order of the feed, as they come. */
function keyOf({ source, target, sourceAddress, targetAddress, id }: MeshLink): string {
  const addressed = sourceAddress !== undefined || targetAddress !== undefined;
  return addressed ? `${source}\n${target}\n${sourceAddress}\n${targetAddress}` : id;
}
