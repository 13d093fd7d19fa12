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

export interface BaseSettings {
  name: BaseName;
  tiles?: Tiles | undefined;
  image?: PlanImage | undefined;
  look: 'light' | 'dark';
}

let prepared = false;

function prepare(): void {
  if (prepared) return;
  prepared = true;
  allowWorkers();
  setWorkerUrl(SCRIPTS.map);
  addProtocol('pmtiles', new Protocol().tile);
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

/** The style of a base map; a PMTiles file is asked what it holds. */
export async function styleOf({ name, tiles, image, look }: BaseSettings): Promise<StyleSpecification | string> {
  const colours = BASE_COLOURS[look];
  if (name === 'tiles' && tiles?.kind === 'style') return new URL(tiles.url, location.href).href;
  if (name === 'tiles' && tiles) return tilesStyle(tiles, await isVector(tiles), colours, look === 'dark');
  if (name === 'plan' && image) return planStyle(image, colours);
  if (name === 'blank') return blankStyle(colours);
  return worldStyle(colours, { land: new URL(land, location.href).href, places: new URL(places, location.href).href });
}

async function isVector({ kind, url }: Tiles): Promise<boolean> {
  if (kind !== 'pmtiles') return kind === 'vector';
  const { tileType } = await new PMTiles(new URL(url, location.href).href).getHeader();
  return tileType === TileType.Mvt;
}
