import type { LinkSpec, MeshSpec, TopologySpec } from './schema.js';

/** Every so many links of the ring one that loses packets. */
const lossyEvery = 4;
/** Every so many routers one with a link across the ring. */
const acrossEvery = 3;

/** Writes out the routers and links of a topology's mesh, so that nodes and links alone describe it. */
export function expandMesh(spec: TopologySpec): TopologySpec {
  if (spec.mesh === undefined) return spec;
  const { mesh, nodes, links } = spec;
  const routers = Array.from({ length: mesh.routers }, (_, i) => [`r${i + 1}`, null] as const);
  return { nodes: { ...Object.fromEntries(routers), ...nodes }, links: [...meshLinks(mesh), ...links] };
}

function meshLinks({ routers, loss, delay, rate }: MeshSpec): LinkSpec[] {
  const links: LinkSpec[] = [];
  const add = (a: number, b: number, quality: Partial<LinkSpec>): void => {
    const number = links.length + 1;
    const addresses = { ipv4: `10.200.${number}.0/24`, ipv6: `fd00:200:${number}::/64` };
    links.push({ between: [`r${a + 1}`, `r${b + 1}`], ...addresses, ...quality });
  };
  for (let i = 0; i < routers; i++) {
    add(i, (i + 1) % routers, i % lossyEvery === 0 && loss !== undefined ? { loss } : {});
  }
  const slow = { ...(delay === undefined ? {} : { delay }), ...(rate === undefined ? {} : { rate }) };
  const half = Math.floor(routers / 2);
  // Nearer than that, the link would be one of the ring's.
  for (let i = 0; half > 1 && i < half; i += acrossEvery) add(i, i + half, slow);
  return links;
}
