import { isList, lengthFits, VARIABLE_LENGTH } from '../elements/types.js';
import { bufferView } from '../octets/view.js';
import { type EncodeContext, encodeList, type FieldsEncoder, type Values } from '../structured/encode.js';
import { functionOf, MAXIMUM_FIELDS } from './code.js';
import type { FieldEncoder, WriteFields } from './encode.js';
import { fixedEncoder, NO_ROOM, NOT_A_VALUE } from './encode-value.js';
import { layoutOf, type Template } from './template.js';

/** What a field is written by: a FixedEncoder, a ValueEncoder, or a list's. */
type Writer = (value: unknown, bytes: Uint8Array, at: number, end: number, context: EncodeContext) => boolean | number;

/** As WriteFields. `b` is a view on the buffer of `bytes`, which begin at `base` of it. */
type Generated = (
  b: DataView,
  base: number,
  record: Values,
  scope: Values,
  bytes: Uint8Array,
  at: number,
  end: number,
  context: EncodeContext,
  writers: readonly Writer[],
  findValue: (index: number, values: Values) => unknown,
  refuse: (index: number, code: number, value: unknown) => number,
) => number;
const PARAMETERS = 'b,base,record,scope,bytes,at,end,context,writers,findValue,refuse'.split(',');

function writerOf({ type, length, encode }: FieldEncoder, fields: FieldsEncoder): Writer {
  if (isList(type)) {
    return (value, bytes, at, end, context) => encodeList(type, length, value, bytes, at, end, context, fields);
  }
  return length === VARIABLE_LENGTH ? encode! : fixedEncoder(type, length);
}

/** Writes what is a number and fits at `p`; undefined where a writer has to do it. */
function putNumber({ type, length }: FieldEncoder, p: string): string | undefined {
  if (!type.startsWith('unsigned') || !lengthFits(type, length)) return undefined;
  if (length === 1) return `if((v&255)===v)b.setUint8(${p},v);`;
  if (length === 2) return `if((v&65535)===v)b.setUint16(${p},v);`;
  if (length === 4) return `if((v>>>0)===v)b.setUint32(${p},v);`;
  if (length !== 8) return undefined;
  const high = 'const h=Math.floor(v/4294967296);';
  return `if(v>=0&&Number.isSafeInteger(v)){${high}b.setUint32(${p},h);b.setUint32(${p}+4,v-h*4294967296);}`;
}

/** The statements that write field `i` at expression `p`, and where it has no fixed length move `at` behind it. */
function putField(field: FieldEncoder, i: number, p: string): string {
  const { length, type } = field;
  if (length === VARIABLE_LENGTH || isList(type)) {
    return `at=w${i}(v,bytes,${p},end,context);if(at<0)return refuse(${i},at,v);`;
  }
  const other = `if(!w${i}(v,bytes,${p},${length}))return refuse(${i},${NOT_A_VALUE},v);`;
  const number = putNumber(field, `base+${p}`);
  return number === undefined ? other : `if(typeof v!=='number'){${other}}else ${number}else{${other}}`;
}

/** `record` or `scope` has the value under the field's name; where that is not all there is to it, findValue finds it. */
function getValue({ name, repeated, padding, scope }: FieldEncoder, i: number): string {
  const values = scope ? 'scope' : 'record';
  const found = `v=findValue(${i},${values});`;
  return padding || repeated ? found : `v=${values}[${JSON.stringify(name)}];if(v===undefined)${found}`;
}

function bodyOf(template: Template, fields: readonly FieldEncoder[]): string {
  const body = fields.map((_, i) => `const w${i}=writers[${i}];`);
  body.push(`if(at+${layoutOf(template).minimumLength}>end)return ${NO_ROOM};let v;`);
  let gap = 0;
  // Up to the first field of variable length the room is known to be there.
  let certain = true;
  fields.forEach((field, i) => {
    const fixed = field.length !== VARIABLE_LENGTH;
    body.push(getValue(field, i));
    if (fixed && !certain) body.push(`if(at+${gap + field.length}>end)return ${NO_ROOM};`);
    body.push(`${putField(field, i, `at+${gap}`)}`);
    certain &&= fixed;
    gap = fixed && !isList(field.type) ? gap + field.length : 0;
  });
  return [...body, `return at+${gap};`].join('\n');
}

/**
 * The writer of code generated for the Template. Undefined where code generation is forbidden or the Template is not fit for it.
 * `fields` writes the records of lists, `findValue` finds or misses the value of a field, `refuse` tells of one that could not be written.
 */
export function generatedWriter(
  template: Template,
  encoders: readonly FieldEncoder[],
  fields: FieldsEncoder,
  findValue: (index: number, values: Values) => unknown,
  refuse: (index: number, code: number, value: unknown) => number,
): WriteFields | undefined {
  if (encoders.length > MAXIMUM_FIELDS) return undefined;
  const run = functionOf<Generated>(PARAMETERS, bodyOf(template, encoders));
  if (run === undefined) return undefined;
  const writers = encoders.map(encoder => writerOf(encoder, fields));
  return (record, scope, bytes, at, end, context) =>
    run(bufferView(bytes), bytes.byteOffset, record, scope, bytes, at, end, context, writers, findValue, refuse);
}
