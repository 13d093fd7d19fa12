/** Pixels from one dash to the next. */
export const DASH = 26;

/**
 * Strokes of links, an instance each: ends in the world from the middle of the mesh, width, distance to the right of the
 * straight line, speed, kind (1 is dotted), colour with its strength. Places become pixels of the page, y downwards.
 */
export const LINK_VERTEX = `
layout(location = 0) in vec4 ends;
layout(location = 1) in vec4 form;
layout(location = 2) in vec4 colour;
uniform vec2 centre;
uniform float scale;
uniform vec2 view;
uniform float size;
out vec2 place;
flat out vec4 look;
flat out vec4 tint;
void main() {
  vec2 from = (ends.xy - centre) * scale;
  vec2 to = (ends.zw - centre) * scale;
  vec2 line = to - from;
  float reach = length(line);
  vec2 along = reach > 0.0 ? line / reach : vec2(1.0, 0.0);
  vec2 beside = vec2(-along.y, along.x);
  float width = max(form.x * size, 1.0);
  float half_width = width * 0.5 + 1.0;
  float end = (gl_VertexID & 1) == 0 ? 0.0 : reach;
  float side = (gl_VertexID & 2) == 0 ? -half_width : half_width;
  vec2 at = from + along * end + beside * (form.y * size + side);
  gl_Position = vec4(at / view * vec2(2.0, -2.0), 0.0, 1.0);
  place = vec2(end, side);
  look = vec4(width, form.yzw);
  tint = colour;
  if (reach < 1.5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}`;

/** Still strokes, and moving dashes: a dash is a comet, whose head leads, so that it tells the direction when it stands still, too. */
export const LINK_FRAGMENT = `
in vec2 place;
flat in vec4 look;
flat in vec4 tint;
uniform float time;
uniform bool dashed;
uniform float share;
uniform float glow;
out vec4 drawn;
void main() {
  float strength = clamp(look.x * 0.5 + 0.5 - abs(place.y), 0.0, 1.0) * tint.a * share;
  if (dashed) {
    float phase = fract((place.x - time * look.z) / ${DASH}.0);
    float head = clamp((1.0 - phase) * ${DASH}.0 * 0.6, 0.0, 1.0);
    strength *= phase * phase * head;
    float hot = glow * phase * phase * phase * phase;
    drawn = vec4(mix(tint.rgb, vec3(1.0), hot) * strength, strength);
    return;
  } else if (look.w > 0.5) {
    strength *= smoothstep(0.0, 0.15, abs(fract(place.x / 7.0) - 0.5) - 0.12) * 0.85 + 0.15;
  }
  drawn = vec4(tint.rgb * strength, strength);
}`;

/** Nodes, an instance each: place, radius, form (bits: 1 gateway, 2 offline, 4 guessed, 8 aside), colour with its strength. */
export const NODE_VERTEX = `
layout(location = 0) in vec4 form;
layout(location = 1) in vec4 colour;
uniform vec2 centre;
uniform float scale;
uniform vec2 view;
uniform float size;
out vec2 place;
flat out float radius;
flat out int bits;
flat out vec4 tint;
void main() {
  radius = max(form.z * size, 1.1);
  bits = int(form.w);
  float reach = radius + 5.0;
  vec2 corner = vec2((gl_VertexID & 1) == 0 ? -reach : reach, (gl_VertexID & 2) == 0 ? -reach : reach);
  vec2 at = (form.xy - centre) * scale + corner;
  gl_Position = vec4(at / view * vec2(2.0, -2.0), 0.0, 1.0);
  place = corner;
  tint = colour;
}`;

export const NODE_FRAGMENT = `
in vec2 place;
flat in float radius;
flat in int bits;
flat in vec4 tint;
uniform vec3 back;
out vec4 drawn;
void over(vec3 colour, float strength) {
  drawn = vec4(colour * strength, strength) + drawn * (1.0 - strength);
}
void main() {
  drawn = vec4(0.0);
  bool square = (bits & 8) != 0;
  bool hollow = (bits & 6) != 0;
  float far = square ? max(abs(place.x), abs(place.y)) : length(place);
  float rim = clamp(radius * 0.3, 0.6, 1.6);
  if ((bits & 1) != 0 && radius > 2.5) {
    over(back, clamp(radius + 4.0 - far, 0.0, 1.0) * tint.a);
    over(tint.rgb, clamp(radius + 3.2 - far, 0.0, 1.0) * clamp(far - radius - 1.2, 0.0, 1.0) * tint.a);
  }
  over(back, clamp(radius + rim + 0.5 - far, 0.0, 1.0) * tint.a);
  over(tint.rgb, clamp(radius + 0.5 - far, 0.0, 1.0) * tint.a);
  if (hollow && radius > 2.0) over(back, clamp(radius - rim - 0.2 - far + 0.5, 0.0, 1.0) * tint.a);
}`;
