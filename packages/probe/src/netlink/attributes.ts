import { IS_LITTLE_ENDIAN } from '../byte-order.js';

/** Bit of an attribute's type that says that it holds attributes. */
export const NLA_F_NESTED = 0x8000;

/** An attribute's header as a word of this machine's: so it is compared in one step. @param octets of its payload */
export function attributeHeader(type: number, octets: number): number {
  return IS_LITTLE_ENDIAN ? (type << 16) | (octets + 4) : ((octets + 4) << 16) | type;
}

/** The header of an attribute that holds attributes. */
export function nestHeader(type: number, octets: number): number {
  return attributeHeader(type | NLA_F_NESTED, octets);
}

/**
 * Cursor over netlink attributes (struct nlattr, include/uapi/linux/netlink.h): `while (cursor.next())` walks them.
 * Headers are host-endian and 4-octet aligned, so they are read through a Uint16Array; payloads of netfilter are big-endian.
 * An attribute that claims more than is there ends the walk and sets `failed`, which stays set until the next reset.
 */
export class AttributeCursor {
  /** Attribute type without its flag bits (NLA_F_NESTED, NLA_F_NET_BYTEORDER). */
  type = 0;
  /** Offset and length of the payload. */
  start = 0;
  length = 0;
  failed = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #halves: Uint16Array = new Uint16Array(0);
  #next = 0;
  #end = 0;

  /** Begins a walk of bytes[start, end). `start` is a multiple of 4 from the start of the underlying buffer. */
  reset(bytes: Uint8Array, halves: Uint16Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#halves = halves;
    this.#next = start;
    this.#end = end;
    this.failed = false;
  }

  /** Begins a walk of the attributes nested in the one that `outer` stands on. */
  enter(outer: AttributeCursor): void {
    this.reset(outer.#bytes, outer.#halves, outer.start, outer.start + outer.length);
  }

  next(): boolean {
    const at = this.#next;
    const end = this.#end;
    if (at + 4 > end) return false;
    const halves = this.#halves;
    const length = halves[at >> 1];
    if (length < 4 || at + length > end) {
      this.failed = true;
      this.#next = end;
      return false;
    }
    this.type = halves[(at >> 1) + 1] & 0x3fff;
    this.start = at + 4;
    this.length = length - 4;
    this.#next = at + ((length + 3) & ~3);
    return true;
  }

  /** The payload as a big-endian number; 0 and `failed` where it is too short. */
  u8(): number {
    return this.#fits(1) ? this.#bytes[this.start] : 0;
  }

  u16(): number {
    const at = this.start;
    return this.#fits(2) ? (this.#bytes[at] << 8) | this.#bytes[at + 1] : 0;
  }

  u32(): number {
    return this.#fits(4) ? this.#word(this.start) : 0;
  }

  /** High and low word of a big-endian 64-bit payload. */
  u64High(): number {
    return this.#fits(8) ? this.#word(this.start) : 0;
  }

  u64Low(): number {
    return this.#fits(8) ? this.#word(this.start + 4) : 0;
  }

  /** Copies the payload to target[offset, offset + length); nothing and `failed` where the payload's length is another. */
  copy(target: Uint8Array, offset: number, length: number): void {
    if (this.length !== length) {
      this.failed = true;
      return;
    }
    const bytes = this.#bytes;
    const { start } = this;
    for (let i = 0; i < length; i++) target[offset + i] = bytes[start + i];
  }

  /** The payload as text up to its NUL. */
  text(): string {
    let text = '';
    for (let i = 0; i < this.length && this.#bytes[this.start + i] !== 0; i++) {
      text += String.fromCharCode(this.#bytes[this.start + i]);
    }
    return text;
  }

  #fits(length: number): boolean {
    if (this.length >= length) return true;
    this.failed = true;
    return false;
  }

  #word(at: number): number {
    const b = this.#bytes;
    return ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
  }
}
