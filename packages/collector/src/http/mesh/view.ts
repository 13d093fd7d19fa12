import type { MeshLink, MeshNode } from '../../mesh/mesh.js';
import { isHost } from '../../store/mesh/things.js';
import type { MeshStateLink, MeshStateNode, Topology } from '../types.js';

/** What an asker may see of a mesh. */
export interface View {
  /** Nobody is logged in: no addresses, no clients but in fives. */
  readonly isPublic: boolean;
  /** Addresses of clients may be seen. */
  readonly hasClients: boolean;
}

/** Details of a node that tell nothing of people. */
const ofDevices: ReadonlySet<string> = new Set(['model', 'firmware', 'site', 'firstSeen', 'lastSeen']);
/** Few clients are somebody. */
const CLIENTS = 5;

export function nodeSeen(node: MeshNode, view: View): MeshStateNode {
  const { id, name, position, online, gateway, clients, nextHop, leavesBy } = node;
  return {
    ...{ id, name: name ?? id, online, gateway },
    ...(position === undefined ? {} : { position }),
    ...(clients === undefined ? {} : { clients: clientsSeen(clients, view) }),
    ...(nextHop === undefined ? {} : { nextHop }),
    ...(leavesBy === undefined ? {} : { leavesBy }),
    ...addressesSeen(node, view),
    details: view.isPublic ? ofDevice(node.details) : node.details,
  };
}

/** Addresses of the nodes themselves are seen by who is logged in, those of clients only where that is switched on. */
function addressesSeen(
  { addresses, networks }: MeshNode,
  { isPublic, hasClients }: View,
): Pick<MeshStateNode, 'addresses' | 'networks'> {
  if (isPublic) return { addresses: [], networks: [] };
  return { addresses: [...addresses], networks: networks.filter(network => hasClients || !isHost(network)) };
}

function ofDevice(details: MeshNode['details']): MeshNode['details'] {
  return Object.fromEntries(Object.entries(details).filter(([name]) => ofDevices.has(name)));
}

export function clientsSeen(clients: number, { isPublic }: View): number {
  return isPublic ? Math.floor(clients / CLIENTS) * CLIENTS : clients;
}

export function linkSeen({
  id,
  source,
  target,
  kind,
  quality,
  reverseQuality,
  cost,
  reverseCost,
}: MeshLink): MeshStateLink {
  return {
    ...{ id, source, target, kind },
    ...(quality === undefined ? {} : { quality }),
    ...(reverseQuality === undefined ? {} : { reverseQuality }),
    ...(cost === undefined ? {} : { cost }),
    ...(reverseCost === undefined ? {} : { reverseCost }),
  };
}

/** A problem may tell of addresses and paths here. */
export function topologySeen(topology: Topology, { isPublic }: View): Topology {
  if (!isPublic) return topology;
  const { problem, ...others } = topology;
  return others;
}

/** Bits per second below which a rate is told as none: somebody's device, talking to itself. */
const LEAST_RATE = 10_000;

/** In the public view with two digits. */
export function rateSeen(rate: number, { isPublic }: View): number {
  if (!isPublic) return Math.round(rate);
  return rate < LEAST_RATE ? 0 : Number(rate.toPrecision(2));
}
