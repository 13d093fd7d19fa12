import { expect, test } from 'vitest';
import { OtherColumn } from './other-column.js';

/** The column's pairs, row by row. */
function read(column: OtherColumn, rows: number): [string, string][][] {
  const [ends, names, values] = column.parts(rows) as [Uint8Array, Uint8Array, Uint8Array];
  const end = new BigUint64Array(ends.slice().buffer);
  const pairs = texts(names).map((name, i): [string, string] => [name, texts(values)[i]!]);
  return Array.from(end, (e, row) => pairs.slice(row === 0 ? 0 : Number(end[row - 1]), Number(e)));
}

function texts(octets: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = 0; at < octets.length; ) {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const octet = octets[at++]!;
      length |= (octet & 0x7f) << shift;
      if (octet < 0x80) break;
    }
    found.push(new TextDecoder().decode(octets.subarray(at, at + length)));
    at += length;
  }
  return found;
}

test('rows have the pairs that were added to them, whatever their texts', () => {
  const long = 'x'.repeat(20_000);
  const column = new OtherColumn(8);
  column.add(1, 'interfaceName', 'eth0');
  column.add(1, '29305:7', 'grün');
  column.add(4, 'ä'.repeat(127), long);
  column.add(5, '', '');
  column.add(5, 'a'.repeat(127), 'b'.repeat(128));
  expect(read(column, 7)).toEqual([
    [],
    [
      ['interfaceName', 'eth0'],
      ['29305:7', 'grün'],
    ],
    [],
    [],
    [['ä'.repeat(127), long]],
    [
      ['', ''],
      ['a'.repeat(127), 'b'.repeat(128)],
    ],
    [],
  ]);
  const pairs = read(column, 7).map(each => each.flat());
  expect(column.read(7)).toEqual(pairs.map(each => (each.length === 0 ? undefined : each)));
});

test('after a reset it is empty', () => {
  const column = new OtherColumn(4);
  column.add(2, 'a', 'b');
  column.reset();
  expect(column.isEmpty).toBe(true);
  column.add(0, 'c', 'd');
  expect(read(column, 2)).toEqual([[['c', 'd']], []]);
});
