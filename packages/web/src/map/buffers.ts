import type { MapMesh } from './mesh.js';
import { LANE, lanesOf } from './parallel.js';
import { GUESSED, type Placement } from './placement.js';
import { type Colour, qualityColour, radiusOf, speedOf, UNKNOWN_QUALITY, widthOf } from './scales.js';

/** Floats an instance. */
export const LINK_FLOATS = 12;
export const NODE_FLOATS = 8;
/** Pixels between the two directions of a link. */
const GAP = 1;
/** Of a stroke that only says that there is a link. */
const THIN = 1.3;

/** Bit/s in both directions, link by link as the mesh has them. */
export interface Loads {
  forward: Float64Array;
  reverse: Float64Array;
}

export interface Look {
  name: 'light' | 'dark';
  /** Of topologies, 0 to 1: how strong they are drawn. */
  strength: ReadonlyMap<string, number>;
}

/** What is drawn of a mesh, apart from the graphics card: numbers of instances, made anew when what they are of changes. */
export class Geometry {
  /** Ends in the world, four numbers a link. */
  readonly ends: Float64Array;
  /** What places are told from, so that floats are precise enough. */
  readonly origin: { x: number; y: number };
  readonly lanes: Float32Array;
  readonly colours: Float32Array;

  constructor(
    readonly mesh: MapMesh,
    readonly placement: Placement,
    readonly look: Look,
  ) {
    const { links } = mesh;
    this.ends = endsOf(mesh, placement);
    this.origin = middleOf(placement);
    this.lanes = lanesOf(links.map(({ source, target }) => [source, target]));
    this.colours = new Float32Array(links.length * 6);
    links.forEach(({ link: { quality, reverseQuality } }, i) => {
      this.colours.set(scaled(qualityColour(quality ?? reverseQuality, look.name)), i * 6);
      this.colours.set(scaled(qualityColour(reverseQuality ?? quality, look.name)), i * 6 + 3);
    });
  }

  strengthOf(topology: string): number {
    return this.look.strength.get(topology) ?? 1;
  }

  /** Every link as a thin stroke, but those that are nowhere: two nodes on one place. */
  thin(strength: number): Float32Array {
    const { links } = this.mesh;
    const values = new Float32Array(links.length * LINK_FLOATS);
    links.forEach(({ topology, link }, i) => {
      const dotted = link.kind === 'tunnel' ? 1 : 0;
      this.#stroke(values, i, i, { width: THIN, offset: this.lanes[i]! * LANE, speed: 0, dotted });
      const share = strength * this.strengthOf(topology);
      const better = (link.quality ?? 0) >= (link.reverseQuality ?? 0) ? 0 : 3;
      values.set(this.colours.subarray(i * 6 + better, i * 6 + better + 3), i * LINK_FLOATS + 8);
      values[i * LINK_FLOATS + 11] = share;
    });
    return values;
  }

  /** The two directions of `count` links of `chosen`, side by side, each on the right in its direction; returns how many instances. */
  vivid(values: Float32Array, chosen: Uint32Array, count: number, loads: Loads): number {
    let instance = 0;
    for (let n = 0; n < count; n++) {
      const i = chosen[n]!;
      const { topology } = this.mesh.links[i]!;
      for (const back of [0, 1] as const) {
        const bits = (back ? loads.reverse : loads.forward)[i]!;
        const width = widthOf(bits);
        if (width === 0) continue;
        const lane = this.lanes[i]! * LANE * (back ? -1 : 1);
        this.#stroke(values, instance, i, {
          ...{ width, offset: lane + (width + GAP) / 2, speed: speedOf(bits), dotted: 0 },
          back: back === 1,
        });
        values.set(this.colours.subarray(i * 6 + back * 3, i * 6 + back * 3 + 3), instance * LINK_FLOATS + 8);
        values[instance * LINK_FLOATS + 11] = this.strengthOf(topology);
        instance++;
      }
    }
    return instance;
  }

  #stroke(
    values: Float32Array,
    instance: number,
    link: number,
    form: { width: number; offset: number; speed: number; dotted: number; back?: boolean },
  ): void {
    const { ends, origin } = this;
    const at = instance * LINK_FLOATS;
    const [from, to] = form.back ? [2, 0] : [0, 2];
    values[at] = ends[link * 4 + from]! - origin.x;
    values[at + 1] = ends[link * 4 + from + 1]! - origin.y;
    values[at + 2] = ends[link * 4 + to]! - origin.x;
    values[at + 3] = ends[link * 4 + to + 1]! - origin.y;
    values[at + 4] = form.width;
    values[at + 5] = form.offset;
    values[at + 6] = form.speed;
    values[at + 7] = form.dotted;
  }

  /** All nodes, the least important first, so that gateways are on top. */
  nodes(colours: NodeColours): Float32Array {
    const { nodes } = this.mesh;
    const { placement, origin } = this;
    const order = [...nodes.keys()].sort((a, b) => rank(nodes[a]!.node) - rank(nodes[b]!.node));
    const values = new Float32Array(nodes.length * NODE_FLOATS);
    order.forEach((i, place) => {
      const { node, topology } = nodes[i]!;
      const at = place * NODE_FLOATS;
      values[at] = placement.x[i]! - origin.x;
      values[at + 1] = placement.y[i]! - origin.y;
      values[at + 2] = radiusOf(node.online ? node.clients : 0, node.gateway) * (node.online ? 1 : 0.8);
      const aside = placement.how[i]! > GUESSED;
      values[at + 3] =
        (node.gateway ? 1 : 0) + (node.online ? 0 : 2) + (placement.how[i] === GUESSED ? 4 : 0) + (aside ? 8 + 4 : 0);
      const colour = !node.online ? colours.offline : node.gateway ? colours.gateway : colours.node;
      values.set(scaled(colour), at + 4);
      values[at + 7] = this.strengthOf(topology);
    });
    return values;
  }
}

export interface NodeColours {
  node: Colour;
  gateway: Colour;
  offline: Colour;
}

export const NODE_COLOURS: Readonly<Record<'light' | 'dark', NodeColours>> = {
  light: { node: [38, 58, 78], gateway: [140, 40, 150], offline: UNKNOWN_QUALITY.light },
  dark: { node: [226, 236, 245], gateway: [236, 150, 255], offline: [112, 128, 146] },
};

function rank({ online, gateway, clients }: { online: boolean; gateway: boolean; clients?: number }): number {
  return (online ? 1e6 : 0) + (gateway ? 1e9 : 0) + (clients ?? 0);
}

function scaled(colour: Colour): [number, number, number] {
  return [colour[0] / 255, colour[1] / 255, colour[2] / 255];
}

function endsOf({ links }: MapMesh, { x, y }: Placement): Float64Array {
  const ends = new Float64Array(links.length * 4);
  links.forEach(({ source, target }, i) => {
    ends[i * 4] = x[source]!;
    ends[i * 4 + 1] = y[source]!;
    ends[i * 4 + 2] = x[target]!;
    ends[i * 4 + 3] = y[target]!;
  });
  return ends;
}

function middleOf({ x, y }: Placement): { x: number; y: number } {
  if (x.length === 0) return { x: 0.5, y: 0.5 };
  const middle = (values: Float64Array): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
  return { x: middle(x), y: middle(y) };
}
