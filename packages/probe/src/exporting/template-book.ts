import { get16, get32 } from './get.js';
import { put16, put32 } from './put.js';

/** RFC 7011 sections 3.1 to 3.4. */
export const MESSAGE_HEADER_OCTETS = 16;
const SEQUENCE = 8;
const DOMAIN = 12;
const SET_HEADER_OCTETS = 4;
const TEMPLATE_SET = 2;
const OPTIONS_TEMPLATE_SET = 3;
/** A Message that begins a session stays below this size. */
const PRELUDE_MESSAGE_OCTETS = 1400;

interface TemplateRecord {
  readonly set: number;
  readonly bytes: Uint8Array;
}

/**
 * The Templates of Messages that pass by. A session that begins in the middle of them (a connection set up again, the next
 * file, a segment of the spool) is given them first.
 */
export class TemplateBook {
  readonly #records = new Map<number, TemplateRecord>();
  #domain = 0;

  /** Notes the Templates of a Message. */
  learn(message: Uint8Array): void {
    this.#domain = get32(message, DOMAIN);
    eachTemplateSet(message, (set, start, end) => {
      eachRecord(message, set, start, end, (id, from, to) => {
        this.#records.set(id, { set, bytes: message.slice(from, to) });
      });
    });
  }

  /** Messages, one behind the other, that define all of these Templates. @param sequence of the Message that is to follow */
  messages(exportSeconds: number, sequence: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let sets: Uint8Array[] = [];
    let octets = MESSAGE_HEADER_OCTETS;
    for (const record of this.#records.values()) {
      const set = setOf(record);
      if (octets + set.length > PRELUDE_MESSAGE_OCTETS) {
        parts.push(this.#message(sets, exportSeconds, sequence));
        sets = [];
        octets = MESSAGE_HEADER_OCTETS;
      }
      sets.push(set);
      octets += set.length;
    }
    if (sets.length > 0) parts.push(this.#message(sets, exportSeconds, sequence));
    return join(parts);
  }

  /**
   * The Message without the Template Sets that only repeat what this book has: a stream is not told twice (RFC 7011 section
   * 8.1). Undefined where nothing is left; the Message itself where there is nothing to leave out.
   */
  withoutKnown(message: Uint8Array): Uint8Array | undefined {
    const kept: Uint8Array[] = [];
    let from = 0;
    eachTemplateSet(message, (set, start, end) => {
      if (!this.#knowsAll(message, set, start, end)) return;
      kept.push(message.subarray(from, start));
      from = end;
    });
    if (from === 0) return message;
    kept.push(message.subarray(from));
    const left = join(kept);
    if (left.length <= MESSAGE_HEADER_OCTETS) return undefined;
    put16(left, 2, left.length);
    return left;
  }

  #knowsAll(message: Uint8Array, set: number, start: number, end: number): boolean {
    let all = true;
    eachRecord(message, set, start, end, (id, from, to) => {
      const known = this.#records.get(id);
      if (known === undefined || known.set !== set || !equals(known.bytes, message, from, to)) all = false;
    });
    return all;
  }

  #message(sets: readonly Uint8Array[], exportSeconds: number, sequence: number): Uint8Array {
    const message = join([new Uint8Array(MESSAGE_HEADER_OCTETS), ...sets]);
    put16(message, 0, 10);
    put16(message, 2, message.length);
    put32(message, 4, exportSeconds);
    put32(message, SEQUENCE, sequence);
    put32(message, DOMAIN, this.#domain);
    return message;
  }
}

/** The Messages that lie one behind the other in `bytes`; what is not whole at the end is left out. */
export function eachMessage(bytes: Uint8Array, visit: (message: Uint8Array) => void): void {
  const end = wholeMessages(bytes, bytes.length);
  for (let at = 0; at < end; ) {
    const next = at + get16(bytes, at + 2);
    visit(bytes.subarray(at, next));
    at = next;
  }
}

/** Octets of the whole Messages that `bytes` begins with, at most `maximum`, but one Message at least. */
export function wholeMessages(bytes: Uint8Array, maximum: number): number {
  let end = 0;
  while (end + MESSAGE_HEADER_OCTETS <= bytes.length) {
    const length = get16(bytes, end + 2);
    if (length < MESSAGE_HEADER_OCTETS || end + length > bytes.length || (end > 0 && end + length > maximum)) break;
    end += length;
  }
  return end;
}

export function sequenceOf(message: Uint8Array): number {
  return get32(message, SEQUENCE);
}

export function putSequence(message: Uint8Array, at: number, sequence: number): void {
  put32(message, at + SEQUENCE, sequence);
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function setOf({ set, bytes }: TemplateRecord): Uint8Array {
  const whole = new Uint8Array(SET_HEADER_OCTETS + bytes.length);
  put16(whole, 0, set);
  put16(whole, 2, whole.length);
  whole.set(bytes, SET_HEADER_OCTETS);
  return whole;
}

function eachTemplateSet(message: Uint8Array, visit: (set: number, start: number, end: number) => void): void {
  for (let at = MESSAGE_HEADER_OCTETS; at + SET_HEADER_OCTETS <= message.length; ) {
    const set = get16(message, at);
    const end = at + Math.max(SET_HEADER_OCTETS, get16(message, at + 2));
    if (set === TEMPLATE_SET || set === OPTIONS_TEMPLATE_SET) visit(set, at, end);
    at = end;
  }
}

/** The Template Records of a Set, as our own encoder writes them: without padding. */
function eachRecord(
  message: Uint8Array,
  set: number,
  start: number,
  end: number,
  visit: (id: number, from: number, to: number) => void,
): void {
  for (let from = start + SET_HEADER_OCTETS; from + 4 <= end; ) {
    const fields = get16(message, from + 2);
    let to = from + (set === OPTIONS_TEMPLATE_SET && fields > 0 ? 6 : 4);
    for (let i = 0; i < fields && to + 4 <= end; i++) to += message[to] & 0x80 ? 8 : 4;
    visit(get16(message, from), from, to);
    from = to;
  }
}

function equals(bytes: Uint8Array, other: Uint8Array, from: number, to: number): boolean {
  if (bytes.length !== to - from) return false;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== other[from + i]) return false;
  return true;
}
