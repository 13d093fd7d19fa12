import type { View } from './view.js';
import type { Anchor } from './walk.js';
import type { Next, Way } from './ways.js';

/** One direction of a group's records. */
export interface Direction {
  readonly octets: number;
  readonly packets: number;
  /** Nodes where it begins and ends; -1 for outside. */
  readonly source: number;
  readonly destination: number;
  readonly way: Way | undefined;
  readonly opposite: Way | undefined;
  /** Where packets went from the exporter. */
  readonly next: Next;
}

/** Where a way begins and ends; -1 where that is not known. */
export interface Ends {
  readonly from: number;
  readonly to: number;
}

/** What has no node comes in and goes out by a gateway: one that has seen it, else the one that the topology tells. */
export function endsOf(view: View, { source, destination, way, opposite }: Direction): Ends {
  return {
    from: source >= 0 ? source : (entered(view, way) ?? left(view, opposite) ?? view.paths.gatewayOf(destination)),
    to: destination >= 0 ? destination : (left(view, way) ?? entered(view, opposite) ?? view.paths.gatewayOf(source)),
  };
}

/** The gateway that a way goes out by: it sends nothing on in the mesh. */
function left(view: View, way: Way | undefined): number | undefined {
  return onlyGateway(view, way, (_, { node }) => node === '');
}

/** The gateway that a way comes in by: nobody sends it there. */
function entered(view: View, way: Way | undefined): number | undefined {
  const led = new Set([...(way?.exporters.values() ?? [])].map(({ node }) => node));
  return onlyGateway(view, way, id => !led.has(id));
}

function onlyGateway(view: View, way: Way | undefined, fits: (id: string, next: Next) => boolean): number | undefined {
  const found: number[] = [];
  for (const [id, next] of way?.exporters ?? []) {
    const node = view.indexOf(id);
    if (node >= 0 && view.paths.isGateway(node) && fits(id, next)) found.push(node);
  }
  return found.length === 1 ? found[0] : undefined;
}

/** Exporters on the way, and what is known of where packets went from them, or came from in the other direction. */
export function anchorsOf(view: View, { way, opposite }: Direction): Map<number, Anchor> {
  const anchors = new Map<number, Anchor>();
  for (const [id, next] of way?.exporters ?? []) {
    const node = view.indexOf(id);
    if (node >= 0) anchors.set(node, { next: view.indexOf(next.node), link: linkOf(view, next), tells: true });
  }
  if (!isSymmetric(way, opposite)) return anchors;
  // What is known of this direction weighs more: to a node that it leads to, nothing else leads.
  const led = new Set([...anchors.values()].map(({ next }) => next));
  for (const [id, next] of opposite?.exporters ?? []) {
    const [node, before] = [view.indexOf(id), view.indexOf(next.node)];
    if (node < 0 || before < 0 || led.has(node)) continue;
    const anchor = anchors.get(before);
    const back = { next: node, link: linkOf(view, next) };
    if (anchor === undefined && opposite?.has(next.node) !== true) anchors.set(before, { ...back, tells: false });
    else if (anchor !== undefined && anchor.next < 0) anchors.set(before, { ...back, tells: anchor.tells });
  }
  return anchors;
}

/** Whether nothing says that packets come back another way than they went. */
function isSymmetric(way: Way | undefined, opposite: Way | undefined): boolean {
  const [there, back] = [way, opposite].map(each => [...(each?.exporters.keys() ?? [])]);
  return there!.every(id => opposite?.has(id) === true) && back!.every(id => way?.has(id) === true);
}

export function linkOf(view: View, { link }: Next): number {
  return link === '' ? -1 : view.linkIndexOf(link);
}

/** An exporter, and those that its next hops lead to. */
export function fromOn(anchors: ReadonlyMap<number, Anchor>, exporter: number): ReadonlyMap<number, Anchor> {
  const found = new Map<number, Anchor>();
  for (let node = exporter; ; ) {
    const anchor = anchors.get(node);
    if (anchor === undefined || found.has(node)) return found;
    found.set(node, anchor);
    node = anchor.next;
  }
}
