import { lengthFits } from '../elements/types.js';
import type { ValueDecoder } from '../elements/value.js';
import { bufferView } from '../octets/view.js';
import type { ValueReader } from '../structured/decode.js';
import { functionOf, MAXIMUM_FIELDS } from '../template/code.js';
import { locate } from '../template/located.js';
import { layoutOf, type Template } from '../template/template.js';
import type { DecodedRecord, ReadField, ReadRecords } from './record-reader.js';

/** As ReadRecords. `b` is a view on the buffer of `bytes`, which begin at `base` of it; `at` and `end` are offsets in the view. */
type Generated = (
  b: DataView,
  base: number,
  at: number,
  end: number,
  bytes: Uint8Array,
  values: ValueReader,
  decoders: readonly (ValueDecoder | undefined)[],
  records: DecodedRecord[],
) => void;
const PARAMETERS = ['b', 'base', 'at', 'end', 'bytes', 'values', 'decoders', 'records'];

/** The integers that a double holds exactly, read in place; undefined for all else. */
function integerAt({ type, length }: ReadField, p: string): string | undefined {
  if (!lengthFits(type, length)) return undefined;
  const bits = length === 1 || length === 2 || length === 4 ? 8 * length : 0;
  if (type.startsWith('signed')) return bits > 0 ? `b.getInt${bits}(${p})` : undefined;
  if (!type.startsWith('unsigned')) return undefined;
  if (bits > 0) return `b.getUint${bits}(${p})`;
  if (length === 3) return `(b.getUint16(${p})<<8|b.getUint8(${p}+2))`;
  return length === 6 ? `b.getUint16(${p})*4294967296+b.getUint32(${p}+2)` : undefined;
}

/** The expression for the value of field `i`; a list has been read before, so that lists are read in their order. */
function valueAt(field: ReadField, i: number, p: string, length: string): string {
  if (field.decode === undefined) return `x${i}`;
  const integer = integerAt(field, p);
  if (integer !== undefined) return integer;
  const decoded = `d${i}(bytes,${p}-base,${length})`;
  if (field.type !== 'unsigned64' || field.length !== 8) return decoded;
  return `(high=b.getUint32(${p}))<2097152?high*4294967296+b.getUint32(${p}+4):${decoded}`;
}

/** A key of an object literal: names come from exporters (RFC 5610), and "__proto__" would set the prototype. */
function keyOf(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
}

/** An object literal; where a name is there several times, of arrays. */
function literal(fields: readonly ReadField[], expressions: ReadonlyMap<ReadField, string>): string {
  const members = new Map<string, string>();
  for (const field of fields) {
    if (field.repeated && members.has(field.name)) continue;
    const same = field.repeated ? fields.filter(other => other.name === field.name) : [field];
    const values = same.map(each => expressions.get(each)!).join();
    members.set(field.name, `${keyOf(field.name)}:${field.repeated ? `[${values}]` : values}`);
  }
  return `{${[...members.values()].join()}}`;
}

function bodyOf(template: Template, fields: readonly ReadField[]): string {
  const { statements, positions, lengths } = locate(template);
  const expressions = new Map(
    fields.map((field, i) => [field, valueAt(field, i, positions[field.index]!, lengths[field.index]!)]),
  );
  const lists = fields.map(({ type, index, decode }, i) =>
    decode ? '' : `const x${i}=values.value('${type}',bytes,${positions[index]}-base,${lengths[index]});`,
  );
  const record = literal(fields.filter(field => !field.scope), expressions); // biome-ignore format: one a line
  const scope = literal(fields.filter(field => field.scope), expressions); // biome-ignore format: one a line
  return [
    ...fields.map((_, i) => `const d${i}=decoders[${i}];`),
    'let high;',
    'for(;;){',
    ...statements,
    `if(!values.take(${fields.length},at-base))break;`,
    ...lists,
    `records.push({record:${record}${template.scopeFieldCount > 0 ? `,scope:${scope}` : ''}});`,
    'at=next;}',
  ].join('\n');
}

/**
 * The reader of code generated for the Template: all its records have one shape. Undefined where code generation is forbidden or the
 * Template is not fit for it.
 */
export function generatedReader(template: Template, fields: readonly ReadField[]): ReadRecords | undefined {
  if (layoutOf(template).minimumLength === 0 || template.fields.length > MAXIMUM_FIELDS) return undefined;
  const run = functionOf<Generated>(PARAMETERS, bodyOf(template, fields));
  if (run === undefined) return undefined;
  const decoders = fields.map(({ decode }) => decode);
  return (bytes, start, end, values, records) => {
    const base = bytes.byteOffset;
    run(bufferView(bytes), base, base + start, base + end, bytes, values, decoders, records);
  };
}
