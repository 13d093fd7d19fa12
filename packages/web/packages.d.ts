// What the build uses of packages that come without types.
declare module 'd3-geo' {
  interface Projection {
    translate(at: [number, number]): Projection;
    scale(by: number): Projection;
    precision(pixels: number): Projection;
  }
  export function geoEquirectangular(): Projection;
}
declare module 'd3-geo-projection' {
  import type { Projection } from 'd3-geo';
  export function geoProject(object: object, projection: Projection): object;
}
