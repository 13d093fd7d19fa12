import { statSync } from 'node:fs';

/** Milliseconds between two looks. What is renewed is taken at the second look that finds it the same. */
const LOOK_MILLISECONDS = 2000;

export interface RenewalOptions {
  /** Certificate, key, authorities. Links are followed: what they point to counts. */
  readonly files: readonly string[];
  /** Takes them into use, and says in a line what they are. @throws Error where they cannot be used */
  readonly take: () => string;
  /** Takes lines for people. */
  readonly log: (line: string) => void;
}

/**
 * Takes files into use again when they have changed, until the function that it returns is called. Certificate and key are two files, written
 * one after the other: they are looked at once they have stopped changing. Where they cannot be used, the former ones stay.
 */
export function watchRenewal({ files, take, log }: RenewalOptions): () => void {
  let used = versionOf(files);
  let seen = used;
  const timer = setInterval(() => {
    const version = versionOf(files);
    const settled = version === seen;
    seen = version;
    if (!settled || version === used) return;
    used = version;
    try {
      log(take());
    } catch (error) {
      log(`the renewed files are not used, and the former ones stay: ${(error as Error).message}`);
    }
  }, LOOK_MILLISECONDS).unref();
  return () => clearInterval(timer);
}

function versionOf(files: readonly string[]): string {
  return files.map(versionOfOne).join(', ');
}

function versionOfOne(file: string): string {
  try {
    const { dev, ino, mtimeNs, size } = statSync(file, { bigint: true });
    return `${dev} ${ino} ${mtimeNs} ${size}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'none';
  }
}
