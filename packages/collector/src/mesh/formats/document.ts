import type { Document } from './format.js';

/** Octets as text and, where they are JSON, its values. */
export function readDocument(octets: Uint8Array): Document {
  const text = withoutHeader(new TextDecoder(encodingOf(octets)).decode(octets));
  return { text, values: parseValues(text) };
}

/** By its byte order mark, which the decoder then leaves out. */
function encodingOf(octets: Uint8Array): string {
  if (octets[0] === 0xff && octets[1] === 0xfe) return 'utf-16le';
  return octets[0] === 0xfe && octets[1] === 0xff ? 'utf-16be' : 'utf-8';
}

/** Plugins of olsrd answer with an HTTP header where they are told to, even to who did not ask by HTTP. */
function withoutHeader(text: string): string {
  if (!/^HTTP\/1\.[01] \d{3}/.test(text)) return text;
  const end = /\r?\n\r?\n/.exec(text);
  return end === null ? text : text.slice(end.index + end[0].length);
}

function parseValues(text: string): unknown[] {
  if (!/^\s*[[{]/.test(text)) return [];
  const whole = parse(text);
  return whole === undefined ? parseEach(text) : [whole];
}

/** Values one after another, a line each or not: all of them, or the text is no JSON. */
function parseEach(text: string): unknown[] {
  const values: unknown[] = [];
  for (let from = 0; from < text.length; ) {
    const end = endOfValue(text, from);
    if (text.slice(from, end).trim() === '') break;
    const value = parse(text.slice(from, end));
    if (value === undefined) return [];
    values.push(value);
    from = end;
  }
  return values;
}

const [QUOTE, ESCAPE] = ['"', '\\'].map(letter => letter.charCodeAt(0));
const OPENING = new Set(['{', '['].map(letter => letter.charCodeAt(0)));
const CLOSING = new Set(['}', ']'].map(letter => letter.charCodeAt(0)));

/** Behind the bracket that closes the first one. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let isText = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isText = !isText;
    else if (isText) at += code === ESCAPE ? 1 : 0;
    else if (OPENING.has(code)) depth++;
    else if (CLOSING.has(code) && --depth <= 0) return at + 1;
  }
  return text.length;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
