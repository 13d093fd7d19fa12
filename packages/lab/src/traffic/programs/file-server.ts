// The files of a folder by HTTP, with ranges of octets and for pages of every origin, as servers of map tiles are.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { order, tell } from './tell.js';

const TYPES: Readonly<Record<string, string>> = { '.png': 'image/png', '.json': 'application/json' };

const { directory, port } = order<{ directory: string; port: number }>();

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(join(directory, normalize(path)));
  } catch {
    return undefined;
  }
}

createServer(({ method, url, headers }, answer) => {
  answer.setHeader('access-control-allow-origin', '*');
  answer.setHeader('access-control-allow-headers', 'range');
  answer.setHeader('cache-control', 'no-store');
  const { pathname } = new URL(url!, 'http://localhost');
  const file = method === 'OPTIONS' ? Buffer.alloc(0) : read(decodeURIComponent(pathname));
  if (file === undefined) {
    answer.writeHead(404).end();
    return;
  }
  answer.setHeader('content-type', TYPES[extname(pathname)] ?? 'application/octet-stream');
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  if (first === undefined) {
    answer.writeHead(200, { 'content-length': file.length }).end(file);
    return;
  }
  const part = file.subarray(Number(first), Number(last) + 1);
  const range = `bytes ${first}-${Number(first) + part.length - 1}/${file.length}`;
  answer.writeHead(206, { 'content-range': range, 'content-length': part.length }).end(part);
}).listen(port, '127.0.0.1', () => tell({ ready: true, port }));
