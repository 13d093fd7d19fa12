import { WeirError } from '../error.js';
import type { Host } from '../host/host.js';
import { DESTINATION, type FlowRecord, SOURCE } from '../metering/flow-record.js';
import { compareWords, fillHost, readAddress } from './address.js';
import { parseAddress } from './address-text.js';
import { RangeTable } from './range-table.js';

const UNKNOWN = -1;
const LARGEST_AS = 4_294_967_295;
const SEPARATORS = ' \t,;';

/**
 * The autonomous systems of addresses, from a table that the operator gives: one prefix or range a line, in any of the forms
 * `PREFIX ASN`, `PREFIX,ASN` and `FIRST<tab>LAST<tab>ASN`; what follows on the line is not looked at, "#" begins a comment.
 * The longest prefix wins. AS 0 means that nobody routes the prefix (RFC 7607), so that no number is told.
 */
export class AsNumbers {
  /** Lines that told of a prefix or range. */
  entries = 0;
  readonly #v4 = new RangeTable(1);
  readonly #v6 = new RangeTable(4);
  readonly #first = new Uint32Array(4);
  readonly #last = new Uint32Array(4);

  /**
   * @param text the table
   * @param name its name, for messages
   * @throws WeirError that names the first line that cannot be read
   */
  constructor(text: string, name: string) {
    let start = 0;
    for (let line = 1; start < text.length; line++) {
      const end = text.indexOf('\n', start);
      this.#line(text.slice(start, end < 0 ? text.length : end), `${name}, line ${line}`);
      start = end < 0 ? text.length : end + 1;
    }
    this.#v4.seal();
    this.#v6.seal();
  }

  /** Sets sourceAs and destinationAs of the record, -1 where they are not known. */
  annotate(record: FlowRecord): void {
    record.sourceAs = this.#of(record, SOURCE);
    record.destinationAs = this.#of(record, DESTINATION);
  }

  #of(record: FlowRecord, address: number): number {
    const isV4 = record.family === 4;
    readAddress(record.octets, record.place(address), isV4 ? 4 : 16, this.#first, 0);
    return (isV4 ? this.#v4 : this.#v6).find(this.#first, 0) || UNKNOWN;
  }

  #line(text: string, place: string): void {
    const comment = text.indexOf('#');
    const told = (comment < 0 ? text : text.slice(0, comment)).trim();
    if (told === '') return;
    const [first, second, third] = firstFields(told);
    const isRange = second.includes('.') || second.includes(':');
    const family = isRange ? this.#range(first, second, place) : this.#prefix(first, place);
    (family === 4 ? this.#v4 : this.#v6).add(this.#first, this.#last, asNumber(isRange ? third : second, place));
    this.entries++;
  }

  #prefix(text: string, place: string): number {
    const slash = text.indexOf('/');
    const family = parseAddress(slash < 0 ? text : text.slice(0, slash), this.#first);
    const longest = family === 4 ? 32 : 128;
    const bits = slash < 0 ? longest : decimal(text.slice(slash + 1));
    if (family === 0 || !(bits <= longest)) {
      throw new WeirError(`${place}: "${text}" is no prefix: write one such as 192.0.2.0/24 or 2001:db8::/32`);
    }
    this.#last.set(this.#first);
    fillHost(this.#first, 0, longest / 32, bits, false);
    fillHost(this.#last, 0, longest / 32, bits, true);
    return family;
  }

  #range(first: string, last: string, place: string): number {
    const family = parseAddress(first, this.#first);
    if (
      family === 0 ||
      parseAddress(last, this.#last) !== family ||
      compareWords(this.#first, 0, this.#last, 0, 4) > 0
    ) {
      throw new WeirError(
        `${place}: "${first}" to "${last}" is no range of addresses: write the first and the last one`,
      );
    }
    return family;
  }
}

/** Reads the table from a file. @throws WeirError where that cannot be read, or has a line that cannot */
export function readAsNumbers(host: Host, path: string): AsNumbers {
  const text = host.readText(path);
  if (text === undefined) {
    throw new WeirError(`the table of AS numbers ${path} cannot be read: see that it is there, and may be read`);
  }
  return new AsNumbers(text, path);
}

/** The first three fields, '' where there are fewer. */
function firstFields(text: string): [string, string, string] {
  const fields: [string, string, string] = ['', '', ''];
  let at = 0;
  for (let i = 0; i < 3 && at < text.length; i++) {
    const start = at;
    while (at < text.length && !SEPARATORS.includes(text[at])) at++;
    fields[i] = text.slice(start, at);
    while (at < text.length && SEPARATORS.includes(text[at])) at++;
  }
  return fields;
}

function asNumber(text: string, place: string): number {
  const number = decimal(/^as/i.test(text) ? text.slice(2) : text);
  if (number <= LARGEST_AS) return number;
  throw new WeirError(`${place}: "${text}" is no AS number: write one from 1 to ${LARGEST_AS}`);
}

/** NaN where the text is no number of decimal digits. */
function decimal(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
