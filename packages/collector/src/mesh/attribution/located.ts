import type { Group } from './group.js';
import type { View } from './view.js';
import { type Next, unknown, type Ways } from './ways.js';

/** A group, and where its addresses are. Nodes are numbers; -1 is outside of the mesh, or unknown. */
export interface Located {
  readonly group: Group;
  readonly view: View;
  readonly exporter: number;
  readonly source: number;
  readonly destination: number;
  /** The addresses that count, before or after a translation; empty for outside. */
  readonly from: string;
  readonly to: string;
  /** Whether one of the two is an address that cannot be outside, and is nowhere. */
  readonly lost: 'source' | 'destination' | undefined;
  /** Where packets went from the exporter. */
  readonly next: Next;
}

/** An address that counts, and where it is. */
interface Side {
  readonly node: number;
  readonly address: string;
}

export function locate(view: View, group: Group): Located {
  const { places } = view;
  const exporter = places.nodeOf(group.exporter);
  const destination = destinationOf(view, group);
  const source = sourceOf(view, group, exporter, destination.node < 0);
  const isLost = ({ node, address }: Side) => node < 0 && places.staysOnLink(address);
  return {
    ...{ group, view, exporter },
    ...{ source: source.node, destination: destination.node },
    from: source.node < 0 ? '' : source.address,
    to: destination.node < 0 ? '' : destination.address,
    lost: isLost(source) ? 'source' : isLost(destination) ? 'destination' : undefined,
    next: nextOf(view, group, exporter),
  };
}

/** Where packets go is told by the address after translation, if that is in the mesh. */
function destinationOf({ places }: View, { destination, natDestination }: Group): Side {
  const after = natDestination === '' ? -1 : places.nodeOf(natDestination);
  return after >= 0
    ? { node: after, address: natDestination }
    : { node: places.nodeOf(destination), address: destination };
}

/**
 * Where they come from, by the one before, if that is in the mesh; else by the one after, which a router gives to what is behind it. Not so what
 * a gateway gives to what it sends out: that may come from anywhere in the mesh.
 */
function sourceOf({ places, paths }: View, group: Group, exporter: number, leaves: boolean): Side {
  const before = places.nodeOf(group.source);
  const after = before >= 0 || group.natSource === '' ? -1 : places.nodeOf(group.natSource);
  const ofGateway = leaves && after >= 0 && after === exporter && paths.isGateway(after);
  return after >= 0 && !ofGateway ? { node: after, address: group.natSource } : { node: before, address: group.source };
}

/** The next hop that a record names, by its address or else its MAC address. */
function nextOf(view: View, { nextHop, destinationMac }: Group, exporter: number): Next {
  const byAddress = nextHop === '' ? -1 : view.places.nodeOf(nextHop);
  const node = byAddress >= 0 || destinationMac === '' ? byAddress : view.places.nodeOfMac(destinationMac);
  return toNode(view, exporter, node, [nextHop, destinationMac]);
}

/** Where packets of the other direction go from the exporter: to where those of this one come from, by their MAC address, else by the interface. */
export function backOf({ view, group, exporter }: Located, ways: Ways): Next {
  const { sourceMac, ingress } = group;
  const byMac = toNode(view, exporter, sourceMac === '' ? -1 : view.places.nodeOfMac(sourceMac), [sourceMac]);
  if (byMac.node !== '') return byMac;
  const id = view.idOf(exporter);
  const learned = ways.neighbour(id, sourceMac);
  return learned.node === '' ? ways.neighbour(id, faceOf(ingress)) : learned;
}

/** An interface as Ways has it. */
export function faceOf(number: number): string {
  return number === 0 ? '' : String(number);
}

/** Of parallel links it is the one that has the address at its other end. */
function toNode(view: View, from: number, node: number, addresses: readonly string[]): Next {
  if (node < 0 || from < 0 || node === from) return unknown;
  const { links } = view.mesh;
  const edges = view.paths.graph.between(from, node);
  const edge =
    edges.length < 2
      ? edges[0]
      : edges.find(({ link, forward }) => {
          const end = forward ? links[link]!.targetAddress : links[link]!.sourceAddress;
          return end !== undefined && addresses.some(address => plain(address) === plain(end));
        });
  return { node: view.idOf(node), link: edge === undefined ? '' : links[edge.link]!.id };
}

function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
}
