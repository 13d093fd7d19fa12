import { WeirError } from '../error.js';
import { MeshBuilder } from './formats/builder.js';
import { readDocument } from './formats/document.js';
import type { Document } from './formats/format.js';
import { formats } from './formats/formats.js';
import type { Mesh } from './mesh.js';

/** More is no topology that a map could show. */
const MOST_OCTETS = 64 * 1024 * 1024;

export interface Detected {
  /** What it was recognised as; the formats of several parts with a plus between. */
  readonly format: string;
  readonly mesh: Mesh;
}

/** Whether it is of any format that is known. */
export function isTopology(octets: Uint8Array): boolean {
  const document = readDocument(octets);
  return formats.some(format => format.is(document));
}

/**
 * Recognises a topology by its octets alone, and reads it. Several files are the parts of one mesh: what they tell of one node is put together.
 * @param lenient whether files of no format are passed over, as long as others are of one
 * @throws WeirError
 */
export function detect(parts: readonly Uint8Array[], lenient = false): Detected {
  const octets = parts.reduce((sum, part) => sum + part.length, 0);
  if (octets > MOST_OCTETS) {
    throw new WeirError(
      `this topology has ${megabytes(octets)} MB, more than the ${megabytes(MOST_OCTETS)} MB that Weir reads: take a part of it`,
    );
  }
  const mesh = new MeshBuilder();
  const names = new Set<string>();
  for (const part of parts) {
    const document = readDocument(part);
    const format = formats.find(candidate => candidate.is(document));
    if (format === undefined) {
      if (!lenient || (part === parts.at(-1) && names.size === 0)) throw unknown(document);
      mesh.leaveOut('file that is no topology');
      continue;
    }
    names.add(format.name);
    mesh.beginPart();
    format.read(document, mesh);
  }
  if (mesh.empty) {
    throw new WeirError(
      `this topology (${[...names].join(', ')}) has no nodes: look whether its producer has any data`,
    );
  }
  return { format: [...names].join(' + '), mesh: mesh.finish() };
}

function megabytes(octets: number): number {
  return Math.ceil(octets / 1024 / 1024);
}

function unknown({ text }: Document): WeirError {
  const known = `Weir reads ${[...new Set(formats.map(({ name }) => name))].join(', ')}`;
  const what = text.trim() === '' ? 'it is empty' : `it begins with ${JSON.stringify(text.trim().slice(0, 40))}`;
  const page = /^\s*<(?:!doctype html|html)/i.test(text)
    ? '; that is a web page: give the URL of the data behind it'
    : '';
  return new WeirError(`this is no topology that Weir knows: ${what}${page}; ${known}`);
}
