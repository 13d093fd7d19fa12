import type { Mesh, MeshLink, MeshNode } from '../../../mesh/mesh.js';

/** Yields integers below its argument. */
export type Random = (below: number) => number;

export function nodeOf(id: string, more: Partial<MeshNode> = {}): MeshNode {
  const none = { addresses: [], macs: [], networks: [], details: {} };
  return { id, ...none, online: true, gateway: false, ...more };
}

export function linkOf(source: string, target: string, more: Partial<MeshLink> = {}): MeshLink {
  return { id: `${source}~${target}`, source, target, kind: 'wireless', ...more };
}

export function meshWith(nodes: readonly MeshNode[], links: readonly MeshLink[] = []): Mesh {
  return { nodes, links, routes: [], leftOut: {} };
}

/** A mesh that something may have become different in: numbers most of all. */
export function changed(mesh: Mesh, random: Random): Mesh {
  let nodes = mesh.nodes.map(node => (random(4) === 0 ? changedNode(node, random) : node));
  if (random(3) === 0) nodes = nodes.filter(() => random(10) > 0);
  for (let i = random(3); i > 0; i--) {
    const id = `n'${random(30)}`;
    if (!nodes.some(node => node.id === id))
      nodes.push(nodeOf(id, { networks: ['10.1.0.0/24', '10.9.0.1', 'fd00::1/128'] }));
  }
  const ids = nodes.map(({ id }) => id);
  const links = mesh.links
    .filter(({ source, target }) => ids.includes(source) && ids.includes(target) && random(20) > 0)
    .map(link => (random(2) === 0 ? changedLink(link, random) : link));
  for (let i = random(4); i > 0 && ids.length > 1; i--) {
    const [source, target] = [ids[random(ids.length)]!, ids[random(ids.length)]!].sort() as [string, string];
    if (source !== target && !links.some(({ id }) => id === `${source}~${target}`)) links.push(linkOf(source, target));
  }
  return meshWith(nodes, links);
}

function changedNode(node: MeshNode, random: Random): MeshNode {
  switch (random(6)) {
    case 0:
      return { ...node, online: !node.online };
    case 1:
      return { ...node, clients: random(1000) };
    case 2: {
      const { clients, ...others } = node;
      return others;
    }
    case 3:
      return { ...node, name: `\\ "${random(1000)}" \u0000\n` };
    case 4:
      return {
        ...node,
        position: { latitude: random(90) / 7, longitude: (random(180) - 90) / 7 },
        gateway: random(2) === 0,
      };
    default:
      return { ...node, details: { model: `m${random(10)}`, uptime: random(1e6) } };
  }
}

function changedLink(link: MeshLink, random: Random): MeshLink {
  switch (random(5)) {
    case 0:
      return { ...link, cost: random(1e6) / 1024, reverseCost: random(65_536) };
    case 1: {
      const { quality, cost, ...others } = link;
      return others;
    }
    case 2:
      return {
        ...link,
        kind: random(2) === 0 ? 'tunnel' : 'wired',
        sourceAddress: `02:00:00:00:00:${10 + random(80)}`,
      };
    default:
      return { ...link, quality: random(256) / 255, reverseQuality: random(256) / 255 };
  }
}
