import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The same from `src/` (tests) and from `dist/`. */
export const packaging = dirname(dirname(fileURLToPath(import.meta.url)));
export const repository = dirname(packaging);
/** Where packages are left, each kind in a folder of its own. */
export const packageFolder = join(repository, 'build', 'packages');
