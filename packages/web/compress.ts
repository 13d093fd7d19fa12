import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const compressible = /\.(?:css|html|m?js|json|svg)$/;

/** Writes each text of the build compressed beside it, once and as well as can be: the collector only sends files. */
export function compress(): Plugin {
  let directory = '';
  return {
    name: 'weir-compress',
    apply: 'build',
    configResolved({ root, build }) {
      directory = join(root, build.outDir);
    },
    closeBundle() {
      for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
        if (compressible.test(name)) compressFile(join(directory, name));
      }
    },
  };
}

function compressFile(path: string): void {
  const content = readFileSync(path);
  const forms = {
    gz: gzipSync(content, { level: 9 }),
    br: brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }),
  };
  for (const [suffix, form] of Object.entries(forms)) {
    if (form.length < content.length) writeFileSync(`${path}.${suffix}`, form);
  }
}
