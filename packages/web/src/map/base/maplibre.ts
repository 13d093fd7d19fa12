import land from 'virtual:world/land';
import places from 'virtual:world/places';
import { addProtocol, Map as BaseMap, type StyleSpecification, setWorkerUrl } from 'maplibre-gl';
import { PMTiles, Protocol, TileType } from 'pmtiles';
import type { Look } from '../camera.js';
import { drawPlan } from './plan.js';
import { allowWorkers, SCRIPTS } from './scripts.js';
import {
  BASE_COLOURS,
  type BaseName,
  blankStyle,
  type PlanImage,
  planStyle,
  type Tiles,
  tilesStyle,
  worldStyle,
} from './style.js';
import { askTheirs } from './theirs.js';

export interface BaseSettings {
  name: BaseName;
  tiles?: Tiles | undefined;
  image?: PlanImage | undefined;
  look: 'light' | 'dark';
}

const archives = new Protocol();
let prepared = false;

function prepare(): void {
  if (prepared) return;
  prepared = true;
  allowWorkers();
  setWorkerUrl(SCRIPTS.map);
  addProtocol('pmtiles', archives.tile);
  addProtocol('plan', drawPlan);
}

/** A base map without controls: the page has its own. Turned and tilted it would not fit what is drawn above it. */
export function makeBase(container: HTMLElement, at: Look, title: string): BaseMap {
  prepare();
  const map = new BaseMap({
    container,
    style: blankStyle(BASE_COLOURS.light),
    center: [at.longitude, at.latitude],
    zoom: at.zoom,
    maxZoom: 20,
    attributionControl: false,
    maplibreLogo: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    fadeDuration: 0,
    locale: { 'Map.Title': title },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  return map;
}

/** Where a base map comes from, if not out of the pages themselves. */
export function addressOf({ name, tiles, image }: BaseSettings): string | undefined {
  return name === 'tiles' ? tiles?.url : name === 'plan' ? image?.url : undefined;
}

/**
 * The style of a base map; what is elsewhere is asked what it holds.
 * @throws what baseTroubleOf() understands
 */
export async function styleOf({ name, tiles, image, look }: BaseSettings): Promise<StyleSpecification> {
  const colours = BASE_COLOURS[look];
  if (name === 'tiles' && tiles) return styleOfTiles(tiles, look);
  if (name === 'plan' && image) return planStyle(image, colours);
  if (name === 'blank') return blankStyle(colours);
  return worldStyle(colours, { land: new URL(land, location.href).href, places: new URL(places, location.href).href });
}

async function styleOfTiles(tiles: Tiles, look: 'light' | 'dark'): Promise<StyleSpecification> {
  const colours = BASE_COLOURS[look];
  let isVector = tiles.kind === 'vector';
  if (tiles.kind === 'pmtiles') isVector = await holdsVectors(new URL(tiles.url, location.href).href);
  if (tiles.kind === 'style') {
    const theirs = await askTheirs(tiles.url);
    if ('style' in theirs) return theirs.style;
    isVector = theirs.tiles === 'vector';
  }
  return tilesStyle(tiles, isVector, colours, look === 'dark');
}

/** Opens an archive for MapLibre. One that could not be read is asked anew the next time. */
async function holdsVectors(url: string): Promise<boolean> {
  const archive = archives.get(url) ?? new PMTiles(url);
  const { tileType } = await archive.getHeader();
  archives.add(archive);
  return tileType === TileType.Mvt;
}
