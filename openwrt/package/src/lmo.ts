import type { Entry } from './po.js';

/**
 * A catalogue as LuCI reads it ("Lua machine objects"): the texts, each filled up to words of 4 octets; an index of four words for each, by
 * the hash of what it translates; and at the end where the index begins. Words are big-endian.
 */
export function lmo(entries: readonly Entry[]): Buffer {
  const texts: Buffer[] = [];
  const index: { key: number; value: number; offset: number; length: number }[] = [];
  let offset = 0;
  const add = (key: number, value: number, text: Buffer) => {
    index.push({ key, value, offset, length: text.length });
    texts.push(text, Buffer.alloc(-text.length & 3));
    offset += text.length + (-text.length & 3);
  };
  for (const { id, text } of entries) {
    const octets = Buffer.from(text);
    if (id === '') {
      const plural = /^Plural-Forms: (.*)$/m.exec(text)?.[1];
      if (plural !== undefined) add(0, 0, Buffer.from(plural));
    } else if (text !== '' && text !== id) add(hash(Buffer.from(id)), 1, octets);
  }
  const words = index
    .sort((one, other) => one.key - other.key)
    .flatMap(({ key, value, offset, length }) => [key, value, offset, length]);
  const end = Buffer.alloc(4 * (words.length + 1));
  [...words, offset].forEach((word, i) => {
    end.writeUInt32BE(word, 4 * i);
  });
  return Buffer.concat([...texts, end]);
}

/** SuperFastHash (Paul Hsieh), begun with the length. */
export function hash(octets: Buffer): number {
  if (octets.length === 0) return 0;
  const rest = octets.length & 3;
  const whole = octets.length - rest;
  let value = octets.length;
  for (let i = 0; i < whole; i += 4) {
    value = (value + octets.readUInt16LE(i)) | 0;
    value = (value << 16) ^ ((octets.readUInt16LE(i + 2) << 11) ^ value);
    value = (value + (value >>> 11)) | 0;
  }
  return avalanche(withRest(value, octets.subarray(whole)));
}

function withRest(begun: number, rest: Buffer): number {
  let value = begun;
  if (rest.length === 3) {
    value = (value + rest.readUInt16LE(0)) | 0;
    value ^= value << 16;
    value ^= rest.readInt8(2) << 18;
    value = (value + (value >>> 11)) | 0;
  } else if (rest.length === 2) {
    value = (value + rest.readUInt16LE(0)) | 0;
    value ^= value << 11;
    value = (value + (value >>> 17)) | 0;
  } else if (rest.length === 1) {
    value = (value + rest.readInt8(0)) | 0;
    value ^= value << 10;
    value = (value + (value >>> 1)) | 0;
  }
  return value;
}

function avalanche(begun: number): number {
  let value = begun;
  for (const [left, right] of [
    [3, 5],
    [4, 17],
    [25, 6],
  ] as const) {
    value ^= value << left;
    value = (value + (value >>> right)) | 0;
  }
  return value >>> 0;
}
