import { type Field, fields } from '@weir/flow';
import { code, madePage, plain, table } from './markdown.js';

/** The table of fields, as people ask for them. */
export function fieldNamesPage(): string {
  return madePage(
    'Fields in questions',
    `Fields of stored Flow Records: their short names in [filters](filter.md) and \`--by\`, and the Information Elements that fill them, of which any is a name as
well. What an exporter sends besides is kept by its IANA name, or as \`PEN:ID\`, and can be asked for by that.`,
    '## From exporters',
    fieldTable(fields.filter(({ added }) => added !== true)),
    '## Added by the collector',
    'No exporter sends these. They are in stored records only, not in files or in what the probe filters.',
    fieldTable(fields.filter(({ added }) => added === true)),
  );
}

function fieldTable(rows: readonly Field[]): string {
  return table(
    ['', 'short', 'element', 'unit'],
    rows.map(({ label, names, elements, unit = '' }) => [
      plain(label),
      names.map(code).join(', '),
      Object.keys(elements).map(code).join(', '),
      unit,
    ]),
  );
}
