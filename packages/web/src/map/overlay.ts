import type { Geometry } from './buffers.js';
import { type Camera, project } from './camera.js';
import { labelsOf } from './labels.js';
import { LANE } from './parallel.js';
import { radiusOf } from './scales.js';

export interface Marks {
  /** Key of what is chosen, and of what the pointer is on. */
  chosen: string | undefined;
  hovered: string | undefined;
  /** Keys of what was searched for. */
  found: ReadonlySet<string>;
}

export interface Ink {
  text: string;
  halo: string;
  accent: string;
}

const FONT = '600 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Names, and rings around what is chosen: drawn when the view changes, never for a frame alone. */
export class Overlay {
  readonly #context: CanvasRenderingContext2D;
  readonly #widths = new Map<string, number>();
  /** Pixels between parallel links. */
  #lane = LANE;

  constructor(readonly canvas: HTMLCanvasElement) {
    this.#context = canvas.getContext('2d')!;
  }

  draw(
    geometry: Geometry,
    camera: Camera,
    marks: Marks,
    ink: Ink,
    { room, nodeSize, lineSize }: { room: number; nodeSize: number; lineSize: number },
  ): void {
    this.#lane = LANE * lineSize;
    const context = this.#context;
    const ratio = Math.min(devicePixelRatio, 2);
    const [width, height] = [Math.round(camera.width * ratio), Math.round(camera.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    for (const key of marks.found) this.#mark(geometry, camera, key, nodeSize, ink.accent, 2);
    if (marks.hovered !== undefined) this.#mark(geometry, camera, marks.hovered, nodeSize, ink.text, 2);
    if (marks.chosen !== undefined) this.#mark(geometry, camera, marks.chosen, nodeSize, ink.accent, 3);
    this.#names(geometry, camera, marks, ink, room, nodeSize);
  }

  #names(
    geometry: Geometry,
    camera: Camera,
    { chosen, hovered, found }: Marks,
    ink: Ink,
    room: number,
    nodeSize: number,
  ): void {
    const context = this.#context;
    const { nodeAt } = geometry.mesh;
    const first = new Set([...found, chosen, hovered].map(key => (key === undefined ? undefined : nodeAt.get(key))));
    first.delete(undefined);
    context.font = FONT;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = 3.5;
    context.strokeStyle = ink.halo;
    context.fillStyle = ink.text;
    const measure = (text: string): number => this.#widthOf(text);
    for (const { text, x, y } of labelsOf(geometry, camera, { first: first as Set<number>, room, nodeSize, measure })) {
      context.strokeText(text, x, y);
      context.fillText(text, x, y);
    }
  }

  #widthOf(text: string): number {
    let width = this.#widths.get(text);
    if (width === undefined) {
      width = this.#context.measureText(text).width;
      this.#widths.set(text, width);
    }
    return width;
  }

  /** A ring around a node, or lines beside a link. */
  #mark(
    { mesh, placement, ends, lanes }: Geometry,
    camera: Camera,
    key: string,
    nodeSize: number,
    colour: string,
    width: number,
  ): void {
    const context = this.#context;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    const node = mesh.nodeAt.get(key);
    const link = mesh.linkAt.get(key);
    if (node !== undefined) {
      const [x, y] = project(camera, placement.x[node]!, placement.y[node]!);
      const { clients, gateway } = mesh.nodes[node]!.node;
      context.arc(x, y, radiusOf(clients, gateway) * nodeSize + 6, 0, 2 * Math.PI);
    } else if (link !== undefined) {
      const [x1, y1] = project(camera, ends[link * 4]!, ends[link * 4 + 1]!);
      const [x2, y2] = project(camera, ends[link * 4 + 2]!, ends[link * 4 + 3]!);
      const size = Math.hypot(x2 - x1, y2 - y1) || 1;
      const [bx, by] = [-(y2 - y1) / size, (x2 - x1) / size];
      for (const beside of [-this.#lane * 0.9 - 2, this.#lane * 0.9 + 2]) {
        const far = lanes[link]! * this.#lane + beside;
        context.moveTo(x1 + bx * far, y1 + by * far);
        context.lineTo(x2 + bx * far, y2 + by * far);
      }
    }
    context.stroke();
  }
}
