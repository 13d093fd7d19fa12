import { foldersOf, inOrder, type PackedFile } from './tree.js';

const BLOCK = 512;
const [FILE, FOLDER, EXTENDED] = ['0', '5', 'x'];

interface TarOptions {
  /** Seconds since 1970, of all that is in it. */
  readonly time: number;
  /** Before each path. */
  readonly prefix?: string;
  /** Without the two empty blocks at the end: another archive follows. */
  readonly open?: boolean;
  /** Records of an extended header (POSIX.1-2001 pax) before a file. */
  readonly attributes?: (file: PackedFile) => Readonly<Record<string, string>>;
}

/** An archive of files and the folders that they are in, owned by root (POSIX.1-1988 ustar). The same files give the same octets. */
export function tar(files: readonly PackedFile[], options: TarOptions): Buffer {
  const { time, prefix = '' } = options;
  const blocks: Buffer[] = [];
  if (prefix !== '') blocks.push(header(prefix, 0o755, 0, FOLDER, time));
  const folders = new Set(foldersOf(files));
  for (const file of inOrder(files)) {
    for (const folder of folders) {
      if (!file.path.startsWith(`${folder}/`)) continue;
      blocks.push(header(`${prefix}${folder}/`, 0o755, 0, FOLDER, time));
      folders.delete(folder);
    }
    const attributes = options.attributes?.(file) ?? {};
    if (Object.keys(attributes).length > 0) blocks.push(...extended(attributes, time));
    blocks.push(header(prefix + file.path, file.mode, file.content.length, FILE, time), padded(file.content));
  }
  if (options.open !== true) blocks.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(blocks);
}

function header(path: string, mode: number, size: number, type: string, time: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, '0'), offset, 'latin1');
  const [folder, name] = parts(path);
  block.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(time, 136, 12);
  block.write(type, 156);
  block.write('ustar\x0000', 257, 'latin1');
  block.write('root', 265);
  block.write('root', 297);
  octal(0, 329, 8);
  octal(0, 337, 8);
  block.write(folder, 345);
  block.fill(' ', 148, 156);
  octal(
    block.reduce((sum, octet) => sum + octet),
    148,
    7,
  );
  block[154] = 0;
  return block;
}

/** Of 155 and 100 octets at most. */
function parts(path: string): [string, string] {
  if (Buffer.byteLength(path) <= 100) return ['', path];
  const cut = path.indexOf('/', path.length - 101);
  if (cut < 1 || cut > 155) throw new Error(`the path ${path} is too long for an archive`);
  return [path.slice(0, cut), path.slice(cut + 1)];
}

function padded(content: Uint8Array): Buffer {
  return Buffer.concat([content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

function extended(attributes: Readonly<Record<string, string>>, time: number): Buffer[] {
  const content = Buffer.from(
    Object.entries(attributes)
      .map(([name, value]) => record(` ${name}=${value}\n`))
      .join(''),
  );
  return [header('./PaxHeaders/attributes', 0o644, content.length, EXTENDED, time), padded(content)];
}

/** A record begins with its own length, in which the length is included. */
function record(text: string): string {
  let length = Buffer.byteLength(text);
  while (`${length}`.length + Buffer.byteLength(text) !== length) length = `${length}`.length + Buffer.byteLength(text);
  return `${length}${text}`;
}
