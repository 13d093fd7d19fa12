import { IS_LITTLE_ENDIAN } from '../byte-order.js';
import { NLA_F_NESTED } from './attributes.js';

/** Flags of a request (include/uapi/linux/netlink.h). */
export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP = 0x300;
export const NLM_F_CREATE = 0x400;

/**
 * Builds netlink messages one behind the other. Netfilter payloads are big-endian, headers host-endian. For requests of a
 * few hundred octets: it grows as needed and is not meant for hot paths.
 */
export class NetlinkWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #messageStart = 0;

  /** Opens a netfilter message: `type` is subsystem << 8 | message, `resource` the res_id of struct nfgenmsg. */
  begin(type: number, flags: number, sequence: number, family: number, resource = 0): this {
    this.#messageStart = this.#length;
    this.#grow(20);
    const at = this.#messageStart;
    this.#view.setUint16(at + 4, type, IS_LITTLE_ENDIAN);
    this.#view.setUint16(at + 6, flags, IS_LITTLE_ENDIAN);
    this.#view.setUint32(at + 8, sequence, IS_LITTLE_ENDIAN);
    this.#bytes[at + 16] = family;
    this.#view.setUint16(at + 18, resource);
    return this;
  }

  /** Closes the message that begin() opened. */
  end(): this {
    this.#view.setUint32(this.#messageStart, this.#length - this.#messageStart, IS_LITTLE_ENDIAN);
    return this;
  }

  attribute(type: number, payload: Uint8Array): this {
    const at = this.#header(type, payload.length);
    this.#bytes.set(payload, at);
    return this;
  }

  u8(type: number, value: number): this {
    return this.attribute(type, Uint8Array.of(value));
  }

  u16(type: number, value: number): this {
    return this.attribute(type, Uint8Array.of(value >> 8, value));
  }

  u32(type: number, value: number): this {
    return this.attribute(type, Uint8Array.of(value >> 24, value >> 16, value >> 8, value));
  }

  /** Text with the NUL that netfilter expects. */
  text(type: number, value: string): this {
    const payload = new Uint8Array(value.length + 1);
    for (let i = 0; i < value.length; i++) payload[i] = value.charCodeAt(i);
    return this.attribute(type, payload);
  }

  /** An attribute that holds the attributes that `fill` writes. */
  nested(type: number, fill: (writer: this) => void): this {
    const start = this.#length;
    this.#header(type | NLA_F_NESTED, 0);
    fill(this);
    this.#view.setUint16(start, this.#length - start, IS_LITTLE_ENDIAN);
    return this;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #header(type: number, length: number): number {
    const at = this.#length;
    this.#grow(4 + ((length + 3) & ~3));
    this.#view.setUint16(at, 4 + length, IS_LITTLE_ENDIAN);
    this.#view.setUint16(at + 2, type, IS_LITTLE_ENDIAN);
    return at + 4;
  }

  #grow(octets: number): void {
    this.#length += octets;
    if (this.#length <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * this.#length);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
