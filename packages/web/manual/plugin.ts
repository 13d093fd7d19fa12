import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { INDEX, pagePaths, pageText, repository, sections } from './contents.js';
import { fileOf, frame } from './layout.js';
import { render } from './markdown.js';

/** Pages that the manual's header leads to: query and name. */
type Pages = Parameters<typeof frame>[1]['pages'];

/** The pages of docs/ as files of the build, below docs/, with the pictures that they show. */
export function manual(pages: Pages): Plugin {
  return {
    name: 'weir-manual',
    apply: 'build',
    generateBundle() {
      const emit = (fileName: string, source: string | Uint8Array) =>
        this.emitFile({ type: 'asset', fileName, source });
      const contents = sections(pageText(INDEX));
      const pictures = new Set<string>();
      for (const path of pagePaths()) {
        const rendered = render(pageText(path), path);
        for (const picture of rendered.pictures) pictures.add(picture);
        emit(fileOf(path), frame(rendered, { path, sections: contents, pages }));
      }
      for (const picture of pictures) emit(picture, readFileSync(join(repository, picture)));
      const style = ['../src/app.css', 'manual.css'].map(name => readFileSync(join(import.meta.dirname, name), 'utf8'));
      emit('docs/manual.css', style.join('\n'));
      emit('docs/manual.js', readFileSync(join(import.meta.dirname, 'manual.js')));
    },
  };
}
