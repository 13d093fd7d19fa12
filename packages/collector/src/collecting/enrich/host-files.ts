import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { hostsOf } from './hosts.js';
import type { AddressTable } from './table.js';

/** Milliseconds until a change of a file is seen. */
const LOOK = 5000;

/** Files that name hosts. They are read again when they change; one that is not there may come later. */
export class HostFiles {
  readonly #files: readonly string[];
  readonly #log: (line: string) => void;
  readonly #missing = new Set<string>();
  #table: AddressTable;

  constructor(files: readonly string[], log: (line: string) => void) {
    this.#files = files;
    this.#log = log;
    this.#table = this.#read();
  }

  /** As the files are now, to the last look at them. */
  get table(): AddressTable {
    return this.#table;
  }

  /** Calls whenever a file has changed. */
  watch(changed: (table: AddressTable) => void): void {
    for (const file of this.#files) {
      watchFile(file, { interval: LOOK, persistent: false }, () => {
        this.#table = this.#read();
        changed(this.#table);
      });
    }
  }

  stop(): void {
    for (const file of this.#files) unwatchFile(file);
  }

  #read(): AddressTable {
    const { table, left, count } = hostsOf(this.#files.map(file => this.#text(file)));
    if (left > 0) this.#log(`hosts: ${count} names of hosts are known; ${left} more are left out, there is no room`);
    return table;
  }

  #text(file: string): string {
    try {
      const text = readFileSync(file, 'utf8');
      this.#missing.delete(file);
      return text;
    } catch (error) {
      if (!this.#missing.has(file))
        this.#log(
          `hosts: ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}; it names no hosts until it can`,
        );
      this.#missing.add(file);
      return '';
    }
  }
}
