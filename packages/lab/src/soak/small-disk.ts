import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../namespaces/lab.js';
import { run } from '../run/command.js';

/** A file system of its own that is small enough to be filled. */
export class SmallDisk {
  readonly directory: string;
  readonly #filling: string;

  constructor(lab: Lab, label: string, octets: number) {
    this.directory = lab.directory(label);
    this.#filling = join(this.directory, 'filling');
    run(['mount', '-t', 'tmpfs', '-o', `size=${octets},mode=0700`, `weir-${label}`, this.directory]);
    // What still has a file open in there is ended later: it must not keep the disk.
    lab.later(() => run(['umount', '--lazy', this.directory]));
  }

  /** Leaves nothing free: again and again, because who writes there also removes. */
  fill(): void {
    for (let octets = 2 ** 24; octets >= 4096; octets /= 2) {
      try {
        for (;;) writeFileSync(this.#filling, new Uint8Array(octets), { flag: 'a' });
      } catch (problem) {
        if ((problem as NodeJS.ErrnoException).code !== 'ENOSPC') throw problem;
      }
    }
  }

  makeRoom(): void {
    unlinkSync(this.#filling);
  }
}
