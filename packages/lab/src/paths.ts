import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This package's folder; the same from `src/` (tests) and from `dist/` (installed). */
const packageDirectory = dirname(dirname(fileURLToPath(import.meta.url)));

/** The built programs that run inside namespaces. They are always the built ones: a namespace has no TypeScript loader. */
export const programDirectory = join(packageDirectory, 'dist', 'traffic', 'programs');

/** The built command under test. */
export const weirMain = join(packageDirectory, '..', 'weir', 'dist', 'main.js');

/** Where tests leave pictures of the page for people to look at. */
export const screenshotDirectory = join(packageDirectory, 'dist', 'screenshots');
