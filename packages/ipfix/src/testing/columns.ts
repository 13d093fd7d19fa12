import type { Binding, Column } from '../template/column.js';
import { canBind } from '../template/decoder.js';
import { COLUMN_WIDTH, type ColumnKind } from '../template/kinds.js';
import type { Template } from '../template/template.js';

const WIDE_KINDS: readonly ColumnKind[] = ['unsigned64', 'milliseconds', 'mac', 'address', 'signed64', 'float64'];

/** A column with room for `rows`, filled with what no test expects. */
export function column(kind: ColumnKind, rows: number): Column {
  return { kind, data: new Uint8Array(rows * COLUMN_WIDTH[kind]).fill(0xee) };
}

/** Every field that a column can take, each in the widest kind that takes it; `columnOf` gives the columns. */
export function bindAll(
  template: Template,
  rows: number,
  columnOf: (kind: ColumnKind) => Column = kind => column(kind, rows),
): Binding[] {
  return template.fields.flatMap((field, index) => {
    const kind = WIDE_KINDS.find(each => canBind(field, each));
    return kind === undefined ? [] : [{ field: index, column: columnOf(kind) }];
  });
}
