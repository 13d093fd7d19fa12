import type { MeshState, MeshStateLink, MeshStateNode } from '../api/types.js';

/** A node as it is drawn. */
export interface MapNode {
  /** Of all nodes of all topologies. */
  key: string;
  topology: string;
  node: MeshStateNode;
}

/** A link as it is drawn: its ends are indexes of nodes. */
export interface MapLink {
  key: string;
  topology: string;
  link: MeshStateLink;
  source: number;
  target: number;
}

/** All that is drawn: one mesh, or several on each other. */
export interface MapMesh {
  nodes: MapNode[];
  links: MapLink[];
  /** Indexes of nodes and links by their keys. */
  nodeAt: Map<string, number>;
  linkAt: Map<string, number>;
}

export type MeshParts = Pick<MeshState, 'topology' | 'nodes' | 'links'>;

export const nodeKey = (topology: string, id: string): string => `${topology}|n|${id}`;
export const linkKey = (topology: string, id: string): string => `${topology}|l|${id}`;

/** What a key is of. */
export function partsOf(key: string): { topology: string; kind: 'node' | 'link'; id: string } | undefined {
  const parts = /^([^|]*)\|([nl])\|(.+)$/s.exec(key);
  return parts === null ? undefined : { topology: parts[1]!, kind: parts[2] === 'n' ? 'node' : 'link', id: parts[3]! };
}

/** Several topologies as one to draw. A link whose ends are not there is left out: the API has none. */
export function meshOf(states: readonly MeshParts[]): MapMesh {
  const mesh: MapMesh = { nodes: [], links: [], nodeAt: new Map(), linkAt: new Map() };
  for (const { topology, nodes, links } of states) {
    for (const node of nodes) {
      const key = nodeKey(topology, node.id);
      mesh.nodeAt.set(key, mesh.nodes.length);
      mesh.nodes.push({ key, topology, node });
    }
    for (const link of links) {
      const source = mesh.nodeAt.get(nodeKey(topology, link.source));
      const target = mesh.nodeAt.get(nodeKey(topology, link.target));
      if (source === undefined || target === undefined) continue;
      const key = linkKey(topology, link.id);
      mesh.linkAt.set(key, mesh.links.length);
      mesh.links.push({ key, topology, link, source, target });
    }
  }
  return mesh;
}
