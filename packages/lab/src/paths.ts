import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This package's folder; the same from `src/` (tests) and from `dist/` (installed). */
export const packageDirectory = dirname(dirname(fileURLToPath(import.meta.url)));

/** The built programs that run inside namespaces. They are always the built ones: a namespace has no TypeScript loader. */
export const programDirectory = join(packageDirectory, 'dist', 'traffic', 'programs');

/** Likewise those that belong to subjects under test. */
export const subjectProgramDirectory = join(packageDirectory, 'dist', 'subjects', 'programs');

/** Likewise those of the benchmark of the kernel meter. */
export const benchProgramDirectory = join(packageDirectory, 'dist', 'bench', 'kernel', 'programs');

/** The scenarios and topologies that ship with the package. */
export const scenarioDirectory = join(packageDirectory, 'scenarios');
export const topologyDirectory = join(packageDirectory, 'topologies');

/** The built command under test: beside this package in the repository, a package like any other where it is installed. */
const beside = join(packageDirectory, '..', 'weir', 'dist', 'main.js');
export const weirMain = existsSync(beside) ? beside : createRequire(import.meta.url).resolve('weir/dist/main.js');

/** Where tests leave pictures of the page for people to look at. */
export const screenshotDirectory = join(packageDirectory, 'dist', 'screenshots');

/** The built program that draws plots in the report's page. */
export const pageProgram = join(packageDirectory, 'dist', 'report', 'page', 'draw.js');

/** What `weir collect` receives, without its store. */
export const receiveProgram = join(packageDirectory, '..', 'collector', 'dist', 'collecting', 'testing', 'receive.js');

/** What `weir collect` does before its store. */
export const decodeProgram = join(packageDirectory, '..', 'collector', 'dist', 'collecting', 'testing', 'decode.js');

/** Two weeks and a day of recorded traffic for all that looks for what is unusual, in simulated time. */
export const dayProgram = join(
  packageDirectory,
  '..',
  'collector',
  'dist',
  'main',
  'events',
  'testing',
  'ordinary-day.js',
);
