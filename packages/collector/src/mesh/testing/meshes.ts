import type { Mesh, MeshLink, MeshNode, MeshRoute } from '../mesh.js';

export type NodeLike = Partial<MeshNode> & Pick<MeshNode, 'id'>;
export type LinkLike = readonly [source: string, target: string, rest?: Partial<MeshLink>];

/** A mesh for a test, of what is said of it: links may be told from either end, their ids come by themselves. */
export function aMesh(nodes: readonly NodeLike[], links: readonly LinkLike[], routes: readonly MeshRoute[] = []): Mesh {
  const seen = new Map<string, number>();
  return {
    nodes: nodes.map(node => ({
      ...{ addresses: [], macs: [], networks: [], online: true, gateway: false, details: {} },
      ...node,
    })),
    links: links.map(([one, other, rest]) => {
      const [source, target] = one < other ? [one, other] : [other, one];
      const ends = `${source}~${target}`;
      const count = (seen.get(ends) ?? 0) + 1;
      seen.set(ends, count);
      return { id: count === 1 ? ends : `${ends}~${count}`, source, target, kind: 'wireless', ...rest };
    }),
    routes,
    leftOut: {},
  };
}
