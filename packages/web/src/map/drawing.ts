import type { Map as BaseMap } from 'maplibre-gl';
import { type BaseSettings, makeBase } from './base/maplibre.js';
import { BASE_COLOURS, type BaseName } from './base/style.js';
import type { BaseTrouble } from './base/trouble.js';
import { Underlay } from './base/underlay.js';
import { Geometry, LINK_FLOATS, type Loads, type Look as MeshLook, NODE_COLOURS } from './buffers.js';
import { type Camera, cameraOf, fitting, type Look, seenBy } from './camera.js';
import { Painter } from './gl/painter.js';
import { DASH } from './gl/shaders.js';
import { noSight } from './gl/sight.js';
import { busiestSeen, byLoad, strengthOf } from './importance.js';
import type { MapMesh } from './mesh.js';
import { type Ink, type Marks, Overlay } from './overlay.js';
import { Pace } from './pace.js';
import { pick, SLACK } from './picking.js';
import { boxOf, type Placement } from './placement.js';
import { type Colour, rgbOf } from './scales.js';

export interface DrawingEvents {
  /** The reader has moved the view, and it rests. */
  moved(look: Look): void;
  hovered(key: string | undefined, place: readonly [number, number]): void;
  /** A click, a right click or a long tap: on nothing, `key` is undefined. */
  chose(key: string | undefined): void;
  /** A base map is not to be had. */
  baseFailed(name: BaseName, trouble: BaseTrouble): void;
  /** Frame times in milliseconds are told to whoever measures. */
  framed?(took: number): void;
}

export interface Shown {
  mesh: MapMesh;
  placement: Placement;
  look: MeshLook;
}

const NOTHING: Shown = {
  mesh: { nodes: [], links: [], nodeAt: new Map(), linkAt: new Map() },
  placement: { x: new Float64Array(0), y: new Float64Array(0), how: new Uint8Array(0) },
  look: { name: 'light', strength: new Map() },
};
const MOST_VIVID = 1000;

/**
 * A mesh above a base map. The base map is drawn by MapLibre, and only when it moves; links and nodes on a canvas above it; names
 * on a third. A frame in which nothing but dashes moves draws those, and allocates nothing.
 */
export class Drawing {
  readonly map: BaseMap;
  readonly #underlay: Underlay;
  readonly #painter: Painter;
  readonly #overlay: Overlay;
  readonly #events: DrawingEvents;
  readonly #pace = new Pace();
  readonly #chosen = new Uint32Array(MOST_VIVID);
  readonly #vivid = new Float32Array(MOST_VIVID * 2 * LINK_FLOATS);
  readonly #sight = noSight();
  readonly #started = performance.now();
  #camera: Camera = { x: 0.5, y: 0.5, scale: 512, width: 1, height: 1 };
  #geometry = geometryOf(NOTHING);
  #loads: Loads = { forward: new Float64Array(0), reverse: new Float64Array(0) };
  #order = new Uint32Array(0);
  #usualLength = 0;
  #marks: Marks = { chosen: undefined, hovered: undefined, found: new Set() };
  #ink: Ink = { text: '#000', halo: '#fff', accent: '#00f' };
  /** What has to be drawn anew: the still picture, or which links are vivid as well. */
  #stale: 'no' | 'still' | 'all' = 'all';
  #request = 0;
  #still: boolean;
  #last = 0;
  #followed = false;
  #back: Colour = [0, 0, 0];
  #ended = false;

  /** @throws Error where there is no WebGL 2 */
  constructor(
    places: { base: HTMLElement; mesh: HTMLCanvasElement; names: HTMLCanvasElement },
    { at, title, still }: { at: Look; title: string; still: boolean },
    events: DrawingEvents,
  ) {
    this.#painter = new Painter(places.mesh);
    this.#overlay = new Overlay(places.names);
    this.#events = events;
    this.#still = still;
    this.map = makeBase(places.base, at, title);
    this.#underlay = new Underlay(this.map, (name, trouble) => events.baseFailed(name, trouble));
    this.map.on('render', () => this.#follow());
    this.map.on('resize', () => this.#follow());
    this.map.on('moveend', event => {
      this.#spoil('all');
      // Not where the map only found its size, or was fitted.
      if ('originalEvent' in event || 'chosen' in event) this.#events.moved(this.#lookNow());
    });
    this.#listen();
    this.#follow();
    this.#request = requestAnimationFrame(this.#frame);
  }

  #lookNow(): Look {
    const { lng, lat } = this.map.getCenter();
    return { zoom: this.map.getZoom(), longitude: lng, latitude: lat };
  }

  /** Another mesh, other places, or another look. */
  show(shown: Shown, loads: Loads): void {
    this.#geometry = geometryOf(shown);
    this.#usualLength = usualLength(this.#geometry);
    this.#back = rgbOf(BASE_COLOURS[shown.look.name].land);
    this.#painter.thin.fill(this.#geometry.thin(strengthOf(shown.mesh.links.length)), shown.mesh.links.length);
    this.#painter.nodes.fill(this.#geometry.nodes(NODE_COLOURS[shown.look.name]), shown.mesh.nodes.length);
    this.load(loads);
    this.#drawNames();
  }

  /** Other loads of the same mesh. */
  load(loads: Loads): void {
    this.#loads = loads;
    this.#order = byLoad(loads.forward, loads.reverse);
    this.#spoil('all');
  }

  mark(marks: Marks, ink: Ink): void {
    this.#marks = marks;
    this.#ink = ink;
    this.#drawNames();
  }

  /** Stands still for those who want that. */
  stand(still: boolean): void {
    this.#still = still;
    this.#spoil('still');
  }

  rest(settings: BaseSettings): Promise<void> {
    return this.#underlay.lay(settings);
  }

  /** Looks at all of the mesh. */
  fit(): void {
    const { width, height } = this.#camera;
    const { zoom, longitude, latitude } = fitting(boxOf(this.#geometry.placement), width, height);
    this.map.jumpTo({ center: [longitude, latitude], zoom });
  }

  goTo({ zoom, longitude, latitude }: Look): void {
    const target = { center: [longitude, latitude] as [number, number], zoom };
    this.map.easeTo({ ...target, duration: this.#still ? 0 : 500 }, { chosen: true });
  }

  zoomBy(steps: number): void {
    this.map.zoomTo(this.map.getZoom() + steps, { duration: this.#still ? 0 : 250 }, { chosen: true });
  }

  end(): void {
    this.#ended = true;
    this.#underlay.end();
    cancelAnimationFrame(this.#request);
    this.map.remove();
    this.#painter.end();
  }

  #spoil(what: 'still' | 'all'): void {
    if (this.#stale !== 'all') this.#stale = what;
  }

  /** The base map has been drawn: what is above it goes along in the same frame. */
  #follow(): void {
    if (this.#ended) return;
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    this.#camera = cameraOf(this.#lookNow(), width, height);
    this.#draw();
    this.#drawNames();
    this.#followed = true;
  }

  readonly #frame = (at: number): void => {
    this.#request = requestAnimationFrame(this.#frame);
    if (this.#last > 0) this.#events.framed?.(at - this.#last);
    this.#last = at;
    if (this.#pace.frame(at)) this.#spoil('all');
    // Where the base map has moved, all has been drawn with it.
    if (!this.#followed && (this.#stale !== 'no' || (!this.#still && this.#painter.vivid.count > 0))) this.#draw();
    this.#followed = false;
  };

  #draw(): void {
    const { x, y, scale, width, height } = this.#camera;
    const { origin } = this.#geometry;
    if (width < 2 || height < 2) return;
    const ratio = Math.min(devicePixelRatio, this.#pace.budget.ratio);
    const sight = this.#sight;
    sight.x = x - origin.x;
    sight.y = y - origin.y;
    sight.scale = scale;
    sight.width = width;
    sight.height = height;
    sight.nodeSize = this.#nodeSize();
    sight.lineSize = this.#lineSize();
    // A view that moves keeps the pictures that there are, until it leaves them or rests.
    if (this.#painter.resize(width, height, ratio) || !this.#painter.covers(sight)) this.#spoil('still');
    if (this.#stale === 'all') this.#chooseVivid();
    if (this.#stale !== 'no') this.#painter.drawStill(sight, this.#back);
    this.#stale = 'no';
    // Begun anew now and then: see speedOf.
    const seconds = this.#still ? 0 : ((performance.now() - this.#started) / 1000) % DASH;
    this.#painter.drawFrame(sight, seconds, this.#geometry.look.name === 'dark' ? 0.55 : 0);
  }

  #chooseVivid(): void {
    const most = Math.min(this.#pace.budget.vivid, MOST_VIVID);
    const count = busiestSeen(this.#order, this.#geometry.ends, seenBy(this.#camera), most, this.#chosen);
    // The busiest lie on top.
    this.#chosen.subarray(0, count).reverse();
    this.#painter.vivid.fill(this.#vivid, this.#geometry.vivid(this.#vivid, this.#chosen, count, this.#loads));
  }

  /** Where nodes stand closely, they are small. */
  #nodeSize(): number {
    return Math.min(1.5, Math.max(0.4, Math.sqrt(this.#room() / 45)));
  }

  /** Where links are short, their strokes are narrow, or they would hide each other and the map. */
  #lineSize(): number {
    return Math.min(1.15, Math.max(0.35, Math.sqrt(this.#room() / 90)));
  }

  #room(): number {
    return this.#usualLength * this.#camera.scale;
  }

  #drawNames(): void {
    if (this.#camera.width < 2) return;
    this.#overlay.draw(this.#geometry, this.#camera, this.#marks, this.#ink, {
      room: this.#room(),
      nodeSize: this.#nodeSize(),
      lineSize: this.#lineSize(),
    });
  }

  #pick(place: readonly [number, number], touch: boolean): string | undefined {
    const slack = touch ? SLACK.touch : SLACK.mouse;
    const sizes = { node: this.#nodeSize(), line: this.#lineSize() };
    return pick(this.#geometry, this.#loads, this.#camera, place, sizes, slack);
  }

  #listen(): void {
    const { map } = this;
    map.on('click', ({ point, originalEvent }) => {
      const touch = originalEvent instanceof PointerEvent && originalEvent.pointerType === 'touch';
      this.#events.chose(this.#pick([point.x, point.y], touch));
    });
    // Also a long tap.
    map.on('contextmenu', ({ point, originalEvent }) => {
      originalEvent.preventDefault();
      this.#events.chose(this.#pick([point.x, point.y], true));
    });
    map.on('mousemove', ({ point }) => {
      const key = map.isMoving() ? undefined : this.#pick([point.x, point.y], false);
      map.getCanvas().style.cursor = key === undefined ? '' : 'pointer';
      this.#events.hovered(key, [point.x, point.y]);
    });
    map.on('mouseout', () => this.#events.hovered(undefined, [0, 0]));
  }
}

function geometryOf({ mesh, placement, look }: Shown): Geometry {
  return new Geometry(mesh, placement, look);
}

/** The length in the world that half of the links are shorter than. */
function usualLength({ ends, mesh }: Geometry): number {
  const lengths = mesh.links.map((_, i) =>
    Math.hypot(ends[i * 4]! - ends[i * 4 + 2]!, ends[i * 4 + 1]! - ends[i * 4 + 3]!),
  );
  lengths.sort((a, b) => a - b);
  return lengths[lengths.length >> 1] ?? 0;
}
