import type { StyleSpecification } from 'maplibre-gl';
import { BaseError } from './trouble.js';

/** What an address that ends in .json has: a style of MapLibre's, or a TileJSON, which says what tiles there are. */
export type Theirs = { style: StyleSpecification } | { tiles: 'raster' | 'vector' };

/** @throws BaseError, and what `fetch` throws */
export async function askTheirs(url: string): Promise<Theirs> {
  const answer = await fetch(url);
  if (!answer.ok) throw new BaseError({ kind: 'refused', status: answer.status }, url);
  const told: unknown = await answer.json().catch(() => undefined);
  return readTheirs(told, url, location.origin);
}

/**
 * @param own origin of the page
 * @throws BaseError
 */
export function readTheirs(told: unknown, url: string, own: string): Theirs {
  const known = (told ?? {}) as Partial<StyleSpecification> & { tilejson?: string; vector_layers?: unknown };
  if (typeof known.tilejson === 'string') return { tiles: known.vector_layers === undefined ? 'raster' : 'vector' };
  const isStyle = known.version === 8 && typeof known.sources === 'object' && Array.isArray(known.layers);
  if (!isStyle) throw new BaseError({ kind: 'broken' }, url);
  const allowed = [own, new URL(url, own).origin];
  const stranger = addressesIn(known as StyleSpecification).find(each => !allowed.includes(new URL(each).origin));
  if (stranger !== undefined) throw new BaseError({ kind: 'forbidden' }, stranger);
  return { style: known as StyleSpecification };
}

/** Addresses of what a style is drawn from. */
function addressesIn({ sources, glyphs, sprite }: StyleSpecification): string[] {
  const texts = JSON.stringify([
    Object.values(sources).map(source => ({ ...source, attribution: '' })),
    ...[glyphs ?? '', sprite ?? ''],
  ]);
  return [...texts.matchAll(/"(https?:[^"]+)"/g)].map(([, address]) => address!).filter(each => URL.canParse(each));
}
