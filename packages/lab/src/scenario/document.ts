import { readFileSync } from 'node:fs';
import type { StaticDecode, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { WeirError } from '../error.js';
import { findFault, type Path } from './faults.js';

/** A YAML file that knows where its values stand, so that every mistake in it can be shown at its place. */
export class ScenarioDocument {
  readonly #lines = new LineCounter();
  readonly #document: Document;

  /** Reads the file; throws a WeirError if it is no YAML. */
  constructor(readonly file: string) {
    this.#document = parseDocument(read(file), { lineCounter: this.#lines, prettyErrors: false });
    const [error] = this.#document.errors;
    if (error !== undefined) throw this.#at(error.pos[0], `no YAML: ${error.message.replace(/\s+/g, ' ')}`);
  }

  /** The document as the schema says, units read and defaults filled in; throws a WeirError that points at the first fault. */
  decode<T extends TSchema>(schema: T): StaticDecode<T> {
    const value: unknown = this.#document.toJS();
    const fault = findFault(schema, value);
    if (fault !== undefined) throw this.error(fault.path, fault.text, fault.at);
    return Value.Decode(schema, value);
  }

  /** An error at the place of a value or its key, `FILE:LINE:COLUMN: TEXT`. */
  error(path: Path, text: string, at: 'key' | 'value' = 'value'): WeirError {
    return this.#at(this.#offset(path, at), text);
  }

  #at(offset: number, text: string): WeirError {
    const { line, col } = this.#lines.linePos(offset);
    return new WeirError(`${this.file}:${line}:${col}: ${text}`);
  }

  #offset(path: Path, at: 'key' | 'value'): number {
    const parent: unknown = path.length === 0 ? undefined : this.#document.getIn(path.slice(0, -1), true);
    const own = path.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === own);
      const wanted = at === 'key' || !isNode(pair?.value) ? pair?.key : pair.value;
      if (isNode(wanted) && wanted.range) return wanted.range[0];
    }
    const node: unknown = this.#document.getIn(path, true);
    if (isNode(node) && node.range) return node.range[0];
    return path.length === 0 ? 0 : this.#offset(path.slice(0, -1), 'value');
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (problem) {
    throw new WeirError(`cannot read ${file}: ${(problem as Error).message}; give the path of a scenario file`);
  }
}
