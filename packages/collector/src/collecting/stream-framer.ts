const HEADER_OCTETS = 16;
/** Octets of version and length, which the header begins with. */
const LENGTH_END = 4;
const IPFIX_VERSION = 10;

/** What else people send to such a port, by its first two octets. */
const STRANGERS: ReadonlyMap<number, string> = new Map([
  [9, 'NetFlow v9, which has no form for connections: let the exporter send it over UDP'],
  [5, 'NetFlow v5, which has no form for connections: let the exporter send it over UDP'],
  [0x1603, 'TLS: let the exporter connect without it, or listen on tls://'],
]);

/**
 * Cuts a stream of octets into IPFIX Messages by the length in their headers (RFC 7011 section 10.4.2). Keeps at most a
 * Message and what was pushed behind it. Out of step it stays so: nothing tells where the next Message begins.
 */
export class StreamFramer {
  /** What is wrong with the stream; nothing more comes out of it then. */
  problem: string | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** A Message of which not all octets have come, and how many have. */
  #partial: Uint8Array | undefined;
  #filled = 0;

  /** Octets that are here and in no Message yet. */
  get pending(): number {
    return this.#bytes.length - this.#at + this.#filled;
  }

  /** Takes the next octets. They must stay as they are until `next` has answered undefined. */
  push(chunk: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#at);
    this.#bytes = rest.length === 0 ? chunk : new Uint8Array(Buffer.concat([rest, chunk]));
    this.#at = 0;
  }

  /** The next whole Message; undefined where there is none. Valid until the next push. */
  next(): Uint8Array | undefined {
    if (this.problem !== undefined) return undefined;
    if (this.#partial === undefined) {
      const length = this.#length();
      if (length === undefined) return undefined;
      const start = this.#at;
      if (this.#bytes.length - start >= length) return this.#bytes.subarray(start, (this.#at = start + length));
      this.#partial = new Uint8Array(length);
    }
    return this.#fill(this.#partial);
  }

  /** Length of the Message that begins here; undefined where that is not known, or it is none. */
  #length(): number | undefined {
    const at = this.#at;
    if (this.#bytes.length - at < LENGTH_END) return undefined;
    const version = this.#bytes[at]! * 256 + this.#bytes[at + 1]!;
    const length = this.#bytes[at + 2]! * 256 + this.#bytes[at + 3]!;
    if (version === IPFIX_VERSION && length >= HEADER_OCTETS) return length;
    this.problem =
      version === IPFIX_VERSION
        ? `it sends a Message of ${length} octets, less than a header has`
        : `it sends ${STRANGERS.get(version) ?? `octets that are no IPFIX Message (version ${version})`}`;
    return undefined;
  }

  #fill(message: Uint8Array): Uint8Array | undefined {
    const octets = Math.min(message.length - this.#filled, this.#bytes.length - this.#at);
    message.set(this.#bytes.subarray(this.#at, this.#at + octets), this.#filled);
    this.#at += octets;
    this.#filled += octets;
    if (this.#filled < message.length) return undefined;
    this.#partial = undefined;
    this.#filled = 0;
    return message;
  }
}
