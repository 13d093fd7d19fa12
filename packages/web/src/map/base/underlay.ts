import type { Map as BaseMap } from 'maplibre-gl';
import { addressOf, type BaseSettings, styleOf } from './maplibre.js';
import type { BaseName } from './style.js';
import { BaseError, type BaseTrouble, baseTroubleOf } from './trouble.js';
import { watchBase } from './watch.js';

/** What lies below the mesh. */
export class Underlay {
  #wanted: string | undefined;
  #unwatch = (): void => {};

  /** @param failed is told of a base map that is not to be had; what there was before stays, or its background alone */
  constructor(
    private readonly map: BaseMap,
    private readonly failed: (name: BaseName, trouble: BaseTrouble) => void,
  ) {}

  async lay(settings: BaseSettings): Promise<void> {
    const wanted = JSON.stringify(settings);
    if (this.#wanted === wanted) return;
    this.#wanted = wanted;
    this.#unwatch();
    const address = addressOf(settings);
    const fail = (error: unknown): void =>
      this.failed(settings.name, baseTroubleOf(error, address ?? '', location.href));
    try {
      const style = await styleOf(settings);
      if (this.#wanted !== wanted) return;
      if (address !== undefined) this.#watch(settings.name, address, fail);
      this.map.setStyle(style, { diff: false });
    } catch (error) {
      if (this.#wanted === wanted) fail(error);
    }
  }

  end(): void {
    this.#wanted = undefined;
    this.#unwatch();
  }

  #watch(name: BaseName, address: string, fail: (error: unknown) => void): void {
    const nothing = name === 'tiles' ? new BaseError({ kind: 'empty' }, address) : undefined;
    this.#unwatch = watchBase(this.map, nothing, fail);
  }
}
