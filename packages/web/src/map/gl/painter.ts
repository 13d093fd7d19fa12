import type { Colour } from '../scales.js';
import { Layer } from './layer.js';
import { Instances, makeProgram, type Program } from './program.js';
import { LINK_FRAGMENT, LINK_VERTEX, NODE_FRAGMENT, NODE_VERTEX } from './shaders.js';

/** Where one looks, from the middle of the mesh: the middle of the view in the world, pixels that the world is wide. */
export interface Sight {
  x: number;
  y: number;
  scale: number;
  /** Of the view, in pixels of the page. */
  width: number;
  height: number;
  nodeSize: number;
  lineSize: number;
}

/** How strong the still strokes below dashes are. */
const BELOW_DASHES = 0.36;
const COMMON = ['centre', 'scale', 'view'] as const;

/** The graphics card's part: strokes, dashes and nodes. What does not move is drawn once for a view, and only dashes for each frame. */
export class Painter {
  readonly thin: Instances;
  readonly vivid: Instances;
  readonly nodes: Instances;
  readonly #gl: WebGL2RenderingContext;
  readonly #links: Program<(typeof COMMON)[number] | 'time' | 'dashed' | 'share' | 'size' | 'glow'>;
  readonly #dots: Program<(typeof COMMON)[number] | 'size' | 'back'>;
  readonly #below: Layer;
  readonly #above: Layer;

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
    this.#below = new Layer(gl);
    this.#above = new Layer(gl);
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

  /** What does not move: strokes below the dashes, and nodes above them, on ground of the colour `back`. */
  drawStill(sight: Sight, back: Colour): void {
    const { width, height } = this.canvas;
    this.#below.fill(width, height, () => {
      this.#useLinks(sight, 0, false, 1);
      this.thin.draw();
      this.#useLinks(sight, 0, false, BELOW_DASHES);
      this.vivid.draw();
    });
    this.#above.fill(width, height, () => {
      this.#useDots(sight, back);
      this.nodes.draw();
    });
  }

  /** A frame, with dashes where `seconds` has moved them to, their heads as white as `glow` says. */
  drawFrame(sight: Sight, seconds: number, glow: number): void {
    const gl = this.#gl;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.#below.draw();
    this.#useLinks(sight, seconds, true, 1);
    gl.uniform1f(this.#links.at.glow, glow);
    this.vivid.draw();
    this.#above.draw();
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
