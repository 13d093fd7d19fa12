/** Message types of netlink itself (include/uapi/linux/netlink.h). */
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

export const HEADER_OCTETS = 16;

/**
 * Cursor over the messages of one datagram: `while (cursor.next())`. A length that does not fit ends the walk and sets
 * `failed`.
 */
export class MessageCursor {
  type = 0;
  flags = 0;
  sequence = 0;
  /** Payload behind the 16-octet header. */
  start = 0;
  end = 0;
  failed = false;
  #halves: Uint16Array = new Uint16Array(0);
  #words: Int32Array = new Int32Array(0);
  #next = 0;
  #limit = 0;

  reset(halves: Uint16Array, words: Int32Array, start: number, end: number): void {
    this.#halves = halves;
    this.#words = words;
    this.#next = start;
    this.#limit = end;
    this.failed = false;
  }

  next(): boolean {
    const at = this.#next;
    if (at + HEADER_OCTETS > this.#limit) return false;
    const length = this.#words[at >> 2];
    if (length < HEADER_OCTETS || at + length > this.#limit) {
      this.failed = true;
      this.#next = this.#limit;
      return false;
    }
    this.type = this.#halves[(at >> 1) + 2];
    this.flags = this.#halves[(at >> 1) + 3];
    this.sequence = this.#words[(at >> 2) + 2] >>> 0;
    this.start = at + HEADER_OCTETS;
    this.end = at + length;
    this.#next = at + ((length + 3) & ~3);
    return true;
  }

  /** For NLMSG_ERROR: the errno, 0 for an acknowledgement. */
  errorNumber(): number {
    return this.end - this.start >= 4 ? 0 - this.#words[this.start >> 2] : 0;
  }
}
