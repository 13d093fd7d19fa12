import type { Mesh, MeshLink, MeshNode } from '../../mesh.js';

/** A mesh in lines that people can compare. */
export function told({ nodes, links, routes, leftOut, at }: Mesh): string[] {
  return [
    ...(at === undefined ? [] : [new Date(at).toISOString()]),
    ...nodes.map(toldNode),
    ...links.map(toldLink),
    ...routes.map(route => `${route.at}: ${route.network} by ${route.via}`),
    ...Object.entries(leftOut).map(([reason, times]) => `left out: ${reason}, ${times}`),
  ];
}

function toldNode(node: MeshNode): string {
  const { id, name, position, addresses, macs, networks, online, gateway, clients, nextHop, leavesBy, details } = node;
  const parts = [
    name === undefined ? '' : `"${name}"`,
    position === undefined ? '' : `${position.latitude}/${position.longitude}`,
    online ? '' : 'offline',
    gateway ? 'gateway' : '',
    clients === undefined ? '' : `${clients} clients`,
    nextHop === undefined ? '' : `next ${nextHop}`,
    leavesBy === undefined ? '' : `leaves by ${leavesBy}`,
    [...addresses, ...macs].join(' '),
    networks.length === 0 ? '' : `has ${networks.join(' ')}`,
    Object.entries(details)
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
  ];
  return `${id}: ${parts.filter(Boolean).join(', ')}`;
}

function toldLink({
  id,
  kind,
  sourceAddress,
  targetAddress,
  quality,
  reverseQuality,
  cost,
  reverseCost,
}: MeshLink): string {
  const ends = sourceAddress === undefined && targetAddress === undefined ? '' : `${sourceAddress} - ${targetAddress}`;
  const numbers = [pair('quality', quality, reverseQuality), pair('cost', cost, reverseCost)];
  return `${id}: ${[kind, ends, ...numbers].filter(Boolean).join(', ')}`;
}

function pair(what: string, there: number | undefined, back: number | undefined): string {
  const [a, b] = [there, back].map(value => (value === undefined ? '?' : String(Math.round(value * 1e4) / 1e4)));
  return there === undefined && back === undefined ? '' : `${what} ${a}/${b}`;
}
