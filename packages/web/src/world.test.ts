import { describe, expect, test } from 'vitest';
import { land, places } from '../world.js';

type Ring = [number, number][];

/** All rings and lines of what is drawn. */
function ringsOf({ features }: GeoJSON.FeatureCollection): Ring[] {
  return features.flatMap(({ geometry }) => {
    if (geometry.type === 'Polygon' || geometry.type === 'MultiLineString') return geometry.coordinates as Ring[];
    return geometry.type === 'MultiPolygon' ? (geometry.coordinates.flat() as Ring[]) : [];
  });
}

describe('land', () => {
  const rings = ringsOf(land());

  test('no edge crosses the map from one side to the other', () => {
    expect(rings.length).toBeGreaterThan(1000);
    const longest = Math.max(...rings.flatMap(ring => ring.slice(1).map(([x], i) => Math.abs(x - ring[i]![0]))));
    // Antarctica's lower edge is the longest.
    expect(rings.flat().every(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 90)).toBe(true);
    expect(longest).toBeLessThanOrEqual(360);
    const bands = rings.filter(ring =>
      ring.slice(1).some(([x, y], i) => Math.abs(x - ring[i]![0]) > 180 && Math.abs(y) < 85),
    );
    expect(bands).toEqual([]);
  });

  test('north is up, and places are where they are', () => {
    const near = (x: number, y: number): boolean => rings.flat().some(([a, b]) => Math.hypot(a - x, b - y) < 1);
    // Land's End and Cape Town.
    expect(near(-5.7, 50.1)).toBe(true);
    expect(near(18.4, -34.0)).toBe(true);
    expect(near(-5.7, -50.1)).toBe(false);
  });
});

test('towns have names and people, the largest first', () => {
  const { features } = places();
  expect(features.length).toBeGreaterThan(10_000);
  const people = features.map(({ properties }) => properties!.p as number);
  expect(people).toEqual([...people].sort((a, b) => b - a));
  const berlin = features.find(({ properties }) => properties!.n === 'Berlin')!;
  expect((berlin.geometry as GeoJSON.Point).coordinates[1]).toBeCloseTo(52.52, 1);
});
