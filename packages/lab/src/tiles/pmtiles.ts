import { gzipSync } from 'node:zlib';
import { varints } from './protobuf.js';

/** A tile, and where it belongs: the zoom level, the column from the west and the row from the north. */
export interface PlacedTile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  readonly octets: Buffer;
}

export interface ArchiveOptions {
  readonly kind: 'vector' | 'png';
  /** Whether directory, metadata and tiles are compressed. Pictures already are. */
  readonly gzip: boolean;
}

const HEADER = 127;
const NOT_COMPRESSED = 1;
const GZIP = 2;

/** An archive by version 3 of https://github.com/protomaps/PMTiles, with one directory: for some thousand tiles at most. */
export function pmtiles(tiles: readonly PlacedTile[], { kind, gzip }: ArchiveOptions): Buffer {
  const pack = (octets: Buffer): Buffer => (gzip ? gzipSync(octets) : octets);
  const packsTiles = gzip && kind === 'vector';
  const sorted = tiles.map(tile => ({ id: tileId(tile), octets: packsTiles ? gzipSync(tile.octets) : tile.octets }));
  sorted.sort((a, b) => a.id - b.id);
  const root = pack(directory(sorted));
  const metadata = pack(Buffer.from('{}'));
  const data = Buffer.concat(sorted.map(({ octets }) => octets));
  const zooms = tiles.map(({ z }) => z);
  const header = Buffer.alloc(HEADER);
  header.write('PMTiles');
  header[7] = 3;
  const parts = [HEADER, root.length, HEADER + root.length, metadata.length];
  const behind = HEADER + root.length + metadata.length;
  // No leaf directories; then how many tiles are addressed, have an entry, and are different.
  const counts = [tiles.length, tiles.length, tiles.length];
  [...parts, behind, 0, behind, data.length, ...counts].forEach((value, i) => {
    header.writeBigUInt64LE(BigInt(value), 8 + 8 * i);
  });
  const packing = [gzip ? GZIP : NOT_COMPRESSED, packsTiles ? GZIP : NOT_COMPRESSED];
  header.set([1, ...packing, kind === 'vector' ? 1 : 2, Math.min(...zooms), Math.max(...zooms)], 96);
  // The whole world, in ten millionths of a degree.
  [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000].forEach((edge, i) => {
    header.writeInt32LE(edge, 102 + 4 * i);
  });
  return Buffer.concat([header, root, metadata, data]);
}

/** Section 4: how many, then their ids as steps, how many tiles each is for, lengths, and places: 0 is behind the one before. */
function directory(entries: readonly { id: number; octets: Buffer }[]): Buffer {
  return varints([
    entries.length,
    ...entries.map(({ id }, i) => id - (entries[i - 1]?.id ?? 0)),
    ...entries.map(() => 1),
    ...entries.map(({ octets }) => octets.length),
    ...entries.map((_, i) => (i === 0 ? 1 : 0)),
  ]);
}

/** Tiles are numbered level after level, and in each along a Hilbert curve. */
export function tileId({ z, x, y }: Omit<PlacedTile, 'octets'>): number {
  let id = (4 ** z - 1) / 3;
  let [a, b] = [x, y];
  for (let side = 2 ** (z - 1); side >= 1; side /= 2) {
    const [right, low] = [Math.floor(a / side) % 2, Math.floor(b / side) % 2];
    id += side * side * ((3 * right) ^ low);
    [a, b] = [a % side, b % side];
    if (low === 1) continue;
    if (right === 1) [a, b] = [side - 1 - a, side - 1 - b];
    [a, b] = [b, a];
  }
  return id;
}
