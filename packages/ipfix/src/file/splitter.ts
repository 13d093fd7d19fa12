import { MESSAGE_HEADER_LENGTH, SET_HEADER_LENGTH, VERSION } from '../message/format.js';
import { setIdAt, setLengthAt } from '../message/framing.js';
import type { Diagnostic } from '../message/visitor.js';
import { getU16 } from '../octets/get.js';

/** A Message out of a file. `offset` is octets from the file's beginning. */
export interface FileMessage {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

const NO_OCTETS = new Uint8Array(0);

/**
 * Cuts the octets of an IPFIX File (RFC 5655) into Messages, one behind the other. Where they are damaged it goes on at the next
 * octets that look like a Message; what lies between is reported. Keeps at most a Message and a chunk.
 */
export class MessageSplitter {
  readonly #report: (diagnostic: Diagnostic) => void;
  #bytes: Uint8Array = NO_OCTETS;
  /** Offset of #bytes in the file. */
  #offset = 0;
  /** Offset in the file from which on it is damaged; undefined while in step. */
  #damagedFrom: number | undefined;

  constructor(report: (diagnostic: Diagnostic) => void) {
    this.#report = report;
  }

  /** The Messages that end in this chunk; they stay valid. */
  push(chunk: Uint8Array): FileMessage[] {
    return this.#split(joined(this.#bytes, chunk), false);
  }

  /** The Messages that are left when the file has ended; reports what is not whole. */
  end(): FileMessage[] {
    const messages = this.#split(this.#bytes, true);
    if (this.#bytes.length > 0) this.#damagedFrom ??= this.#offset;
    this.#inStep(this.#offset + this.#bytes.length);
    this.#bytes = NO_OCTETS;
    return messages;
  }

  #split(bytes: Uint8Array, ended: boolean): FileMessage[] {
    const messages: FileMessage[] = [];
    let at = 0;
    while (bytes.length - at >= MESSAGE_HEADER_LENGTH) {
      const length = messageLength(bytes, at, this.#damagedFrom === undefined);
      const behind = at + length;
      if (length > 0 && behind > bytes.length && !ended) break;
      const good = length > 0 ? wholeUntil(bytes, at, Math.min(behind, bytes.length)) : at;
      if (length > 0 && good === behind) {
        this.#inStep(this.#offset + at);
        messages.push({ bytes: bytes.subarray(at, behind), offset: this.#offset + at });
        at = behind;
      } else {
        this.#damagedFrom ??= this.#offset + at;
        // Without one good Set even the header may be none, and the true one lie in it.
        at = nextVersion(bytes, good > at + MESSAGE_HEADER_LENGTH ? good : at + 1);
      }
    }
    this.#bytes = bytes.subarray(at);
    this.#offset += at;
    return messages;
  }

  /** Reports the damage that ends here, if there is any. */
  #inStep(offset: number): void {
    if (this.#damagedFrom === undefined) return;
    const detail = `${offset - this.#damagedFrom} octets are no whole Message`;
    this.#report({ reason: 'file-damaged', detail, offset: this.#damagedFrom });
    this.#damagedFrom = undefined;
  }
}

/** The length that the header at `at` says; 0 where it is none. A Message without Sets is believed only where one is due. */
function messageLength(bytes: Uint8Array, at: number, due: boolean): number {
  if (getU16(bytes, at) !== VERSION) return 0;
  const length = getU16(bytes, at + 2);
  return length > MESSAGE_HEADER_LENGTH || (due && length === MESSAGE_HEADER_LENGTH) ? length : 0;
}

/**
 * Follows the Sets up to `end`; the offset of the first that does not fit in. A Set ID of 10 is the version of the next Message, so
 * that this one's length is wrong. The search goes on there, so that its work grows with the octets and no faster.
 */
function wholeUntil(bytes: Uint8Array, start: number, end: number): number {
  let at = start + MESSAGE_HEADER_LENGTH;
  while (at + SET_HEADER_LENGTH <= end) {
    const length = setLengthAt(bytes, at);
    if (setIdAt(bytes, at) === VERSION || length < SET_HEADER_LENGTH || at + length > end) break;
    at += length;
  }
  return at;
}

/** The next offset where a Message may begin. */
function nextVersion(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const next = at + 1 < bytes.length ? bytes[at + 1] : VERSION;
    if (bytes[at] === 0 && next === VERSION) return at;
  }
  return bytes.length;
}

function joined(before: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (before.length === 0) return chunk.slice();
  const bytes = new Uint8Array(before.length + chunk.length);
  bytes.set(before);
  bytes.set(chunk, before.length);
  return bytes;
}
