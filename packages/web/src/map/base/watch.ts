import type { Map as BaseMap, MapSourceDataEvent, Subscription } from 'maplibre-gl';

/**
 * Tells once if nothing of the base map comes that has just been set. Where some of it comes all is well: tiles are missing in many places.
 * @param nothing the error that it is where no tile has anything in it; undefined where there are no tiles
 * @returns ends the watch
 */
export function watchBase(map: BaseMap, nothing: Error | undefined, failed: (error: unknown) => void): () => void {
  let problem: unknown;
  let [isStyled, comes] = [false, false];
  const subscriptions: Subscription[] = [];
  const end = (): void => {
    for (const each of subscriptions.splice(0)) each.unsubscribe();
  };
  const fail = (error: unknown): void => {
    end();
    failed(error);
  };
  subscriptions.push(
    map.on('style.load', () => (isStyled = true)),
    map.on('sourcedata', ({ tile }) => (comes ||= holdsAnything(tile))),
    map.on('error', ({ error }) => (isStyled ? (problem ??= error) : fail(error))),
    map.on('idle', () => {
      if (!isStyled) return;
      const error = problem ?? nothing;
      if (comes || error === undefined) end();
      else fail(error);
    }),
  );
  return end;
}

/** To MapLibre a vector tile that is not there (404) is one without content. */
function holdsAnything(tile: MapSourceDataEvent['tile']): boolean {
  return [tile?.latestRawTileData, tile?.texture, tile?.dem].some(each => each != null);
}
