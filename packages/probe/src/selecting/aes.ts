/** The S-box, and MixColumns of it as a word (FIPS 197 sections 5.1.1, 5.1.3). */
const sbox = new Uint8Array(256);
const mixed = new Uint32Array(256);
fillTables();

function fillTables(): void {
  // p runs through all non-zero octets by multiplication with 3, q through their inverses.
  let p = 1;
  let q = 1;
  do {
    p = (p ^ double(p)) & 0xff;
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q = (q ^ (q & 0x80 ? 0x09 : 0)) & 0xff;
    sbox[p] = q ^ rotate(q, 1) ^ rotate(q, 2) ^ rotate(q, 3) ^ rotate(q, 4) ^ 0x63;
  } while (p !== 1);
  sbox[0] = 0x63;
  for (let i = 0; i < 256; i++) {
    const s = sbox[i];
    mixed[i] = (double(s) << 24) | (s << 16) | (s << 8) | (double(s) ^ s);
  }
}

function double(octet: number): number {
  return ((octet << 1) ^ (octet & 0x80 ? 0x11b : 0)) & 0xff;
}

function rotate(octet: number, bits: number): number {
  return ((octet << bits) | (octet >> (8 - bits))) & 0xff;
}

const ROUNDS = 10;

/** AES-128 (FIPS 197), encryption of single blocks only. Its table look-ups take no constant time: nobody may measure them. */
export class Aes128 {
  readonly #keys = new Uint32Array(4 * (ROUNDS + 1));

  /** @param key 16 octets */
  constructor(key: Uint8Array) {
    const keys = this.#keys;
    for (let i = 0; i < 4; i++) {
      keys[i] = (key[4 * i] << 24) | (key[4 * i + 1] << 16) | (key[4 * i + 2] << 8) | key[4 * i + 3];
    }
    for (let i = 4, constant = 1; i < keys.length; i++) {
      const before = keys[i - 1];
      if (i % 4 !== 0) {
        keys[i] = keys[i - 4] ^ before;
        continue;
      }
      const rotated = (before << 8) | (before >>> 24);
      keys[i] = keys[i - 4] ^ last(rotated, rotated, rotated, rotated) ^ (constant << 24);
      constant = double(constant);
    }
  }

  /** Encrypts the block of four big-endian words in place. */
  encrypt(block: Uint32Array): void {
    const keys = this.#keys;
    let a = block[0] ^ keys[0];
    let b = block[1] ^ keys[1];
    let c = block[2] ^ keys[2];
    let d = block[3] ^ keys[3];
    let k = 4;
    for (let round = 1; round < ROUNDS; round++, k += 4) {
      const a2 = mix(a, b, c, d) ^ keys[k];
      const b2 = mix(b, c, d, a) ^ keys[k + 1];
      const c2 = mix(c, d, a, b) ^ keys[k + 2];
      d = mix(d, a, b, c) ^ keys[k + 3];
      a = a2;
      b = b2;
      c = c2;
    }
    block[0] = last(a, b, c, d) ^ keys[k];
    block[1] = last(b, c, d, a) ^ keys[k + 1];
    block[2] = last(c, d, a, b) ^ keys[k + 2];
    block[3] = last(d, a, b, c) ^ keys[k + 3];
  }
}

/** SubBytes, ShiftRows and MixColumns of one column. */
function mix(a: number, b: number, c: number, d: number): number {
  const second = mixed[(b >>> 16) & 0xff];
  const third = mixed[(c >>> 8) & 0xff];
  const fourth = mixed[d & 0xff];
  return (
    mixed[a >>> 24] ^
    ((second >>> 8) | (second << 24)) ^
    ((third >>> 16) | (third << 16)) ^
    ((fourth >>> 24) | (fourth << 8))
  );
}

/** SubBytes and ShiftRows of one column. */
function last(a: number, b: number, c: number, d: number): number {
  return (sbox[a >>> 24] << 24) | (sbox[(b >>> 16) & 0xff] << 16) | (sbox[(c >>> 8) & 0xff] << 8) | sbox[d & 0xff];
}
