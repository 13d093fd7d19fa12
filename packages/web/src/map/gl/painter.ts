import type { Colour } from '../scales.js';
import { LAYER_FRAGMENT, LAYER_VERTEX, Layer } from './layer.js';
import { Instances, makeProgram, type Program } from './program.js';
import { LINK_FRAGMENT, LINK_VERTEX, NODE_FRAGMENT, NODE_VERTEX } from './shaders.js';
import { covers, noSight, type Sight } from './sight.js';

/** How strong the still strokes below dashes are. */
const BELOW_DASHES = 0.36;
/** How far pictures reach beyond the view to each side, by its size. */
const MARGIN = 0.25;
const COMMON = ['centre', 'scale', 'view'] as const;

/**
 * The graphics card's part: strokes, dashes and nodes. What does not move is drawn once, as pictures larger than the view; a frame lays
 * them where they belong, wherever the view has moved to within them, and draws dashes between.
 */
export class Painter {
  readonly thin: Instances;
  readonly vivid: Instances;
  readonly nodes: Instances;
  readonly #gl: WebGL2RenderingContext;
  readonly #links: Program<(typeof COMMON)[number] | 'time' | 'dashed' | 'share' | 'size' | 'glow'>;
  readonly #dots: Program<(typeof COMMON)[number] | 'size' | 'back'>;
  readonly #below: Layer;
  readonly #above: Layer;
  /** What the pictures show. */
  readonly #taken = noSight();
  readonly #largest: number;

  /** @throws Error where there is no WebGL 2 */
  constructor(readonly canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, depth: false, premultipliedAlpha: true });
    if (gl === null) throw new Error('no WebGL 2');
    this.#gl = gl;
    this.#links = makeProgram(gl, LINK_VERTEX, LINK_FRAGMENT, [...COMMON, 'time', 'dashed', 'share', 'size', 'glow']);
    this.#dots = makeProgram(gl, NODE_VERTEX, NODE_FRAGMENT, [...COMMON, 'size', 'back']);
    this.thin = new Instances(gl, 12, [4, 4, 4]);
    this.vivid = new Instances(gl, 12, [4, 4, 4]);
    this.nodes = new Instances(gl, 8, [4, 4]);
    const copy = makeProgram(gl, LAYER_VERTEX, LAYER_FRAGMENT, ['place']);
    this.#below = new Layer(gl, copy);
    this.#above = new Layer(gl, copy);
    this.#largest = gl.getParameter(gl.MAX_TEXTURE_SIZE);
    gl.clearColor(0, 0, 0, 0);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** The size of the picture; returns whether it has become another. */
  resize(width: number, height: number, ratio: number): boolean {
    const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (this.canvas.width === w && this.canvas.height === h) return false;
    this.canvas.width = w;
    this.canvas.height = h;
    return true;
  }

  /** Whether the pictures of what does not move are enough for what is seen from here. */
  covers(sight: Sight): boolean {
    return covers(this.#taken, sight);
  }

  /** What does not move: strokes below the dashes, and nodes above them, on ground of the colour `back`. */
  drawStill(sight: Sight, back: Colour): void {
    const [width, height] = [this.#sideOf(this.canvas.width), this.#sideOf(this.canvas.height)];
    const taken = Object.assign(this.#taken, sight);
    taken.width *= width / this.canvas.width;
    taken.height *= height / this.canvas.height;
    this.#below.fill(width, height, () => {
      this.#useLinks(taken, 0, false, 1);
      this.thin.draw();
      this.#useLinks(taken, 0, false, BELOW_DASHES);
      this.vivid.draw();
    });
    this.#above.fill(width, height, () => {
      this.#useDots(taken, back);
      this.nodes.draw();
    });
  }

  /** Of a picture for a view of so many pixels. As many more on both sides: the pixels of both fall together. */
  #sideOf(pixels: number): number {
    return pixels + 2 * Math.max(0, Math.min(Math.round(pixels * MARGIN), (this.#largest - pixels) >> 1));
  }

  /** A frame, with dashes where `seconds` has moved them to, their heads as white as `glow` says. */
  drawFrame(sight: Sight, seconds: number, glow: number): void {
    const gl = this.#gl;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.#lay(this.#below, sight);
    this.#useLinks(sight, seconds, true, 1);
    gl.uniform1f(this.#links.at.glow, glow);
    this.vivid.draw();
    this.#lay(this.#above, sight);
  }

  #lay(picture: Layer, { x, y, scale, width, height }: Sight): void {
    const taken = this.#taken;
    const zoom = scale / taken.scale;
    picture.draw(
      ((taken.x - x) * scale * 2) / width,
      ((y - taken.y) * scale * 2) / height,
      (taken.width * zoom) / width,
      (taken.height * zoom) / height,
    );
  }

  #useDots(sight: Sight, back: Colour): void {
    const gl = this.#gl;
    const { program, at } = this.#dots;
    gl.useProgram(program);
    gl.uniform2f(at.centre, sight.x, sight.y);
    gl.uniform1f(at.scale, sight.scale);
    gl.uniform2f(at.view, sight.width, sight.height);
    gl.uniform1f(at.size, sight.nodeSize);
    gl.uniform3f(at.back, back[0] / 255, back[1] / 255, back[2] / 255);
  }

  #useLinks(sight: Sight, seconds: number, dashed: boolean, share: number): void {
    const gl = this.#gl;
    const { program, at } = this.#links;
    gl.useProgram(program);
    gl.uniform2f(at.centre, sight.x, sight.y);
    gl.uniform1f(at.scale, sight.scale);
    gl.uniform2f(at.view, sight.width, sight.height);
    gl.uniform1f(at.time, seconds);
    gl.uniform1i(at.dashed, dashed ? 1 : 0);
    gl.uniform1f(at.share, share);
    gl.uniform1f(at.size, sight.lineSize);
  }

  /** Frees the graphics card. */
  end(): void {
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
