/** Text from outside as text of a page. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export interface Column<T> {
  readonly head: string;
  /** Of the page: what is from outside is escaped. */
  readonly cell: (row: T) => string;
  readonly isNumber?: boolean;
}

/** Rows of a table that a page break does not part. */
const ROWS_TOGETHER = 12;

/** A table with a caption; its first column names the rows. @param sum a row of all of them */
export function table<T>(caption: string, columns: readonly Column<T>[], rows: readonly T[], sum?: T): string {
  const kind = ({ isNumber }: Column<T>) => (isNumber ? ' class="number"' : '');
  const heads = columns.map(column => `<th scope="col"${kind(column)}>${escaped(column.head)}</th>`).join('');
  const line = (row: T) => {
    const [first, ...others] = columns;
    const cells = others.map(column => `<td${kind(column)}>${column.cell(row)}</td>`).join('');
    return `<tr><th scope="row">${first!.cell(row)}</th>${cells}</tr>`;
  };
  const foot = sum === undefined ? '' : `<tfoot>${line(sum)}</tfoot>`;
  const kept = rows.length <= ROWS_TOGETHER ? ' class="together"' : '';
  return `<table${kept}><caption>${escaped(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${rows.map(line).join('')}</tbody>${foot}</table>`;
}

/** A share as a bar, for the eye, with its number beside it. @param share 0 to 1 */
export function bar(share: number, number: string, kind = ''): string {
  const width = Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
  return `<svg class="bar ${kind}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="back" width="100" height="8"/><rect class="full" width="${width}" height="8"/></svg><span class="beside">${number}</span>`;
}

export function figure(
  caption: string,
  picture: string,
  legend: readonly (readonly [kind: string, text: string])[] = [],
): string {
  const keys = legend.map(([kind, text]) => `<span class="key ${kind}">${escaped(text)}</span>`).join('');
  return `<figure><figcaption>${escaped(caption)}${keys}</figcaption>${picture}</figure>`;
}
