import type { Program } from './program.js';

/** Lays a picture upon the view: `place` is its middle and half of its sides, in clip space. */
export const LAYER_VERTEX = `
uniform vec4 place;
out vec2 at;
void main() {
  vec2 corner = vec2((gl_VertexID & 1) == 0 ? -1.0 : 1.0, (gl_VertexID & 2) == 0 ? -1.0 : 1.0);
  at = corner * 0.5 + 0.5;
  gl_Position = vec4(place.xy + corner * place.zw, 0.0, 1.0);
}`;
export const LAYER_FRAGMENT = `
uniform sampler2D picture;
in vec2 at;
out vec4 colour;
void main() {
  colour = texture(picture, at);
}`;

/**
 * A picture of what does not move, laid upon each frame. Drawn as a rectangle, not by blitFramebuffer: what that had copied was gone after
 * some frames in Chromium.
 */
export class Layer {
  readonly #gl: WebGL2RenderingContext;
  readonly #frame: WebGLFramebuffer;
  readonly #texture: WebGLTexture;
  readonly #copy: Program<'place'>;
  #width = 0;
  #height = 0;

  /** @param copy of LAYER_VERTEX and LAYER_FRAGMENT */
  constructor(gl: WebGL2RenderingContext, copy: Program<'place'>) {
    this.#gl = gl;
    this.#frame = gl.createFramebuffer();
    this.#texture = gl.createTexture();
    this.#copy = copy;
  }

  /** Draws it anew, in so many pixels. */
  fill(width: number, height: number, draw: () => void): void {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frame);
    if (width !== this.#width || height !== this.#height) {
      [this.#width, this.#height] = [width, height];
      gl.bindTexture(gl.TEXTURE_2D, this.#texture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
      for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
        gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
      for (const edge of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
        gl.texParameteri(gl.TEXTURE_2D, edge, gl.CLAMP_TO_EDGE);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.#texture, 0);
    }
    gl.viewport(0, 0, width, height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    draw();
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** Lays it upon what is there: its middle and half of its sides, in clip space. */
  draw(x: number, y: number, halfWidth: number, halfHeight: number): void {
    const gl = this.#gl;
    gl.useProgram(this.#copy.program);
    gl.uniform4f(this.#copy.at.place, x, y, halfWidth, halfHeight);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    gl.bindVertexArray(null);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }
}
