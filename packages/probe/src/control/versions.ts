import { chmodSync, chownSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { WeirError } from '../error.js';

/** Former contents of the file that are kept, FILE.1 the newest. */
const KEPT = 5;

/** A configuration file and its former contents. */
export class Versions {
  constructor(readonly file: string) {}

  /** '' where there is no file. @throws WeirError */
  read(): string {
    return this.#read(this.file);
  }

  get canUndo(): boolean {
    return existsSync(this.#former(1));
  }

  /** Writes the file as a whole or not at all, and keeps what was there. @throws WeirError */
  save(text: string): void {
    const before = this.read();
    this.#attempt(() => {
      for (let i = KEPT - 1; i >= 1; i--) move(this.#former(i), this.#former(i + 1));
      this.#write(this.#former(1), before);
      this.#write(this.file, text);
    });
  }

  /** What the file held before. @throws WeirError where nothing is kept */
  former(): string {
    if (!this.canUndo) throw new WeirError(`nothing of ${this.file} from before is kept: there is nothing to undo`);
    return this.#read(this.#former(1));
  }

  /** The file is what it was before the last save, and so are the former ones. @throws WeirError */
  back(): void {
    const before = this.former();
    this.#attempt(() => {
      this.#write(this.file, before);
      rmSync(this.#former(1));
      for (let i = 2; i <= KEPT; i++) move(this.#former(i), this.#former(i - 1));
    });
  }

  #former(number: number): string {
    return `${this.file}.${number}`;
  }

  #read(file: string): string {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return '';
      throw new WeirError(`the configuration ${file} cannot be read: ${code}`);
    }
  }

  /** Rights and owner are those that the file had. */
  #write(file: string, text: string): void {
    const temporary = `${file}.new`;
    const model = statSync(this.file, { throwIfNoEntry: false });
    writeFileSync(temporary, text, { mode: 0o600, flush: true });
    if (model !== undefined) {
      chmodSync(temporary, model.mode & 0o777);
      chownSync(temporary, model.uid, model.gid);
    }
    renameSync(temporary, file);
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      const { message } = error as Error;
      throw new WeirError(
        `the configuration ${this.file} cannot be written (${message}): give its directory to who runs the probe`,
      );
    }
  }
}

function move(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}
