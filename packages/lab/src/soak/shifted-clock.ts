import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../namespaces/lab.js';
import { packageDirectory } from '../paths.js';
import { attempt } from '../run/command.js';

/** A wall clock of one process's own, which steps when it is told to. Its other clocks, the kernel and its children go on undisturbed. */
export class ShiftedClock {
  readonly #file: string;

  private constructor(
    private readonly library: string,
    folder: string,
    name: string,
  ) {
    this.#file = join(folder, `${name}.offset`);
    writeFileSync(this.#file, new Uint8Array(8));
  }

  /** One for each name; undefined where no C compiler is there to make them. */
  static make<Name extends string>(lab: Lab, names: readonly Name[]): Record<Name, ShiftedClock> | undefined {
    const folder = lab.directory('clock');
    const library = join(folder, 'shifted-clock.so');
    const source = join(packageDirectory, 'clock', 'shifted-clock.c');
    const { status } = attempt(['sh', '-c', `clang -shared -fPIC -O2 -o '${library}' '${source}'`]);
    if (status !== 0) return undefined;
    const clocks = names.map(name => [name, new ShiftedClock(library, folder, name)] as const);
    return Object.fromEntries(clocks) as Record<Name, ShiftedClock>;
  }

  /** The words to put before a command. */
  get words(): string[] {
    return ['env', `LD_PRELOAD=${this.library}`, `SHIFTED_CLOCK=${this.#file}`];
  }

  /** From now on the clock is ahead by so many seconds. */
  step(seconds: number): void {
    const octets = Buffer.alloc(8);
    octets.writeBigInt64LE(BigInt(seconds));
    // In place: the process has the file mapped.
    const file = openSync(this.#file, 'r+');
    writeSync(file, octets, 0, octets.length, 0);
    closeSync(file);
  }
}
