/** A WebGL program and where its uniforms are. */
export interface Program<Name extends string> {
  program: WebGLProgram;
  at: Record<Name, WebGLUniformLocation | null>;
}

/** @throws Error where the graphics card refuses the program */
export function makeProgram<Name extends string>(
  gl: WebGL2RenderingContext,
  vertex: string,
  fragment: string,
  uniforms: readonly Name[],
): Program<Name> {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, `#version 300 es\nprecision highp float;\n${source}`);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) ?? 'no shader');
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? 'no program');
  const at = Object.fromEntries(uniforms.map(name => [name, gl.getUniformLocation(program, name)]));
  return { program, at: at as Program<Name>['at'] };
}

/** Values of instances: so many floats each, in one buffer that grows, as attributes of so many floats one after the other. */
export class Instances {
  readonly vertices: WebGLVertexArrayObject;
  readonly #gl: WebGL2RenderingContext;
  readonly #buffer: WebGLBuffer;
  #room = 0;
  count = 0;

  constructor(
    gl: WebGL2RenderingContext,
    readonly floats: number,
    attributes: readonly number[],
  ) {
    this.#gl = gl;
    this.vertices = gl.createVertexArray();
    this.#buffer = gl.createBuffer();
    gl.bindVertexArray(this.vertices);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    let offset = 0;
    attributes.forEach((size, i) => {
      gl.enableVertexAttribArray(i);
      gl.vertexAttribPointer(i, size, gl.FLOAT, false, floats * 4, offset);
      gl.vertexAttribDivisor(i, 1);
      offset += size * 4;
    });
    gl.bindVertexArray(null);
  }

  /** The first `count` instances of `values`. */
  fill(values: Float32Array, count: number): void {
    const gl = this.#gl;
    this.count = count;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    if (values.length > this.#room) {
      this.#room = values.length;
      gl.bufferData(gl.ARRAY_BUFFER, values.byteLength, gl.DYNAMIC_DRAW);
    }
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, values, 0, count * this.floats);
  }

  draw(): void {
    if (this.count === 0) return;
    const gl = this.#gl;
    gl.bindVertexArray(this.vertices);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.count);
  }
}
