import { type Libbpf, libbpf } from './libbpf.js';

/** What one namespace has put into maps that all namespaces share: its number may be another namespace's one day. */
export class OwnEntries {
  readonly #bpf: Libbpf = libbpf();
  /** By map and key. */
  readonly #entries = new Map<string, { readonly map: number; readonly key: Uint8Array }>();

  /** What finds no room is not used. @param value undefined removes the entry */
  put(map: number, key: Uint8Array, value: Uint8Array | undefined): void {
    const name = `${map} ${key}`;
    if (value === undefined) {
      this.#bpf.mapDelete(map, key);
      this.#entries.delete(name);
    } else if (this.#bpf.mapUpdate(map, key, value, 0) === 0) this.#entries.set(name, { map, key });
  }

  /** Removes them all. */
  close(): void {
    for (const { map, key } of this.#entries.values()) this.#bpf.mapDelete(map, key);
    this.#entries.clear();
  }
}
