import { type Binding, type Column, canBind } from '../template/decoder.js';
import { COLUMN_WIDTH, type ColumnKind } from '../template/kernels.js';
import type { Template } from '../template/template.js';

const WIDE_KINDS: readonly ColumnKind[] = ['unsigned64', 'milliseconds', 'mac', 'address'];

/** A column with room for `rows`, filled with what no test expects. */
export function column(kind: ColumnKind, rows: number): Column {
  return { kind, data: new Uint8Array(rows * COLUMN_WIDTH[kind]).fill(0xee) };
}

/** Every field that a column can take, each in the widest kind that takes it. */
export function bindAll(template: Template, rows: number): Binding[] {
  return template.fields.flatMap((field, index) => {
    const kind = WIDE_KINDS.find(each => canBind(field, each));
    return kind === undefined ? [] : [{ field: index, column: column(kind, rows) }];
  });
}
