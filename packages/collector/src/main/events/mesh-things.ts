import type { CauseRow } from '../../analysis/events/causes.js';
import { keyOf, type LinkDirection, type MeshPlace } from '../../analysis/events/event.js';
import type { MeshKind, WatchedKind } from '../../config/options/watch.js';
import type { MeshMoment } from '../../http/mesh/context.js';
import type { Mesh, MeshNode } from '../../mesh/mesh.js';
import type { Step } from '../../store/rollup/step.js';
import type { Links } from '../meshes.js';
import { LARGEST, type Thing } from './things.js';

/** What is known of meshes by who watches them. */
export interface WatchedMeshes {
  names(): readonly string[];
  newest(topology: string): MeshMoment | undefined;
  /** What links carried on average. */
  rates(topology: string, from: number, to: number): Promise<Links>;
  /** Milliseconds by which loads are behind the records that are stored; infinite where there are none. */
  behindOf(topology: string): number;
  /** What of the records of some batches lies at a place: of a gateway what comes into the mesh, else what leaves it. */
  rowsAt(place: MeshPlace, isIn: boolean, step: Step): Promise<CauseRow[]>;
}

/** Things at a time, all topologies together. */
const MOST_THINGS = 64;
const DAY = 86_400_000;

/**
 * What is watched of meshes now: of each topology its gateways, and the links that carry most, each in both directions.
 * @param known what was watched until now: it stays, as far as there is room, while it is in the mesh
 * @throws WeirError where the store cannot be asked
 */
export async function meshThingsOf(
  meshes: WatchedMeshes,
  watchedKinds: readonly WatchedKind[],
  known: readonly Thing[],
  now: number,
): Promise<Thing[]> {
  const things = new Map<string, Thing>();
  for (const topology of meshes.names()) {
    const mesh = meshes.newest(topology)?.mesh;
    if (mesh === undefined) continue;
    const before = known.filter(({ place }) => place?.topology === topology);
    const largest = watchedKinds.includes('link') ? await meshes.rates(topology, now - DAY, now) : new Map();
    for (const place of placesOf(topology, mesh, watchedKinds, before, largest)) {
      const thing = thingAt(mesh, place);
      if (thing !== undefined && things.size < MOST_THINGS) things.set(keyOf(thing), thing);
    }
  }
  return [...things.values()];
}

function placesOf(
  topology: string,
  mesh: Mesh,
  watchedKinds: readonly WatchedKind[],
  known: readonly Thing[],
  rates: Links,
): MeshPlace[] {
  const wanted = known.filter(({ kind }) => kind !== undefined && watchedKinds.includes(kind));
  const gateways = watchedKinds.includes('gateway') ? mesh.nodes.filter(({ gateway }) => gateway) : [];
  const links = [...rates].sort(([, a], [, b]) => b.forward + b.reverse - (a.forward + a.reverse));
  const directions: readonly LinkDirection[] = ['forward', 'reverse'];
  return [
    ...wanted.flatMap(({ place }) => place ?? []),
    ...gateways.slice(0, LARGEST).map(({ id }) => ({ topology, node: id })),
    ...links.slice(0, LARGEST).flatMap(([link]) => directions.map(direction => ({ topology, link, direction }))),
  ];
}

/** Called as it is called now; undefined where the mesh does not have it any more. */
function thingAt(mesh: Mesh, place: MeshPlace): Thing | undefined {
  const nameOf = (id: string) => shown(mesh.nodes.find(node => node.id === id));
  const as = (name: string, kind: MeshKind): Thing => ({ name, filter: '', place, kind });
  if ('node' in place) {
    const name = nameOf(place.node);
    return name === undefined ? undefined : as(name, 'gateway');
  }
  const link = mesh.links.find(({ id }) => id === place.link);
  if (link === undefined) return undefined;
  const ends = [nameOf(link.source), nameOf(link.target)];
  return as((place.direction === 'forward' ? ends : ends.reverse()).join(' → '), 'link');
}

function shown(node: MeshNode | undefined): string | undefined {
  return node === undefined ? undefined : (node.name ?? node.id);
}
