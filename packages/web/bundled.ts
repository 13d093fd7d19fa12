import type { Plugin } from 'vite';
import { WORLD_PREFIX, WORLD_SOURCES } from './world.js';

const FILE = 'bundled.txt';
/** Is one file that holds what it needs, so that no module of that is seen here. */
const HOLDS_ITS_NEEDS = ['node_modules/maplibre-gl'];

/**
 * Writes down what of others is in the pages, for who ships them: the folders that npm has put those packages in, one a line. A "*" follows
 * where the package's file holds what the package needs, too. The file is not part of the pages.
 */
export function bundled(): { forPages: Plugin; forWorkers: Plugin } {
  const folders = new Set<string>();
  const note: Plugin['generateBundle'] = (_, bundle) => {
    for (const output of Object.values(bundle)) {
      for (const id of output.type === 'chunk' ? output.moduleIds : [])
        for (const each of foldersOf(id)) folders.add(each);
    }
  };
  return {
    forWorkers: { name: 'weir-bundled-workers', generateBundle: note },
    forPages: {
      name: 'weir-bundled',
      apply: 'build',
      generateBundle(...args) {
        note.apply(this, args);
        const lines = [...folders].sort().map(folder => (HOLDS_ITS_NEEDS.includes(folder) ? `${folder} *` : folder));
        this.emitFile({ type: 'asset', fileName: FILE, source: `${lines.join('\n')}\n` });
      },
    },
  };
}

/** Of the package that a module is of, or is made of. */
function foldersOf(id: string): string[] {
  if (id.startsWith(WORLD_PREFIX)) return WORLD_SOURCES.map(name => `node_modules/${name}`);
  const tool = /^\0(vite|rolldown)\//.exec(id);
  if (tool !== null) return [`node_modules/${tool[1]}`];
  const path = id.slice(id.indexOf('node_modules/'));
  const match = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path);
  return id.includes('node_modules/') && match !== null ? [match[0]] : [];
}
