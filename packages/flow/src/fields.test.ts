import { canBind, elements } from '@weir/ipfix';
import { expect, test } from 'vitest';
import { fieldOfElement, fieldOfShortName, isAdded, storedElements } from './field-lookup.js';
import { fields, originColumns, presentColumns } from './fields.js';

test('every bit of the present mask belongs to one element', () => {
  const bits = storedElements.map(element => element.bit);
  expect(new Set(bits).size).toBe(bits.length);
  expect(Math.min(...bits)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...bits)).toBeLessThan(64 * presentColumns.length);
});

test('names are unambiguous, short names lower case', () => {
  const columns = [...originColumns.keys(), ...fields.map(field => field.column)];
  expect(new Set(columns).size).toBe(columns.length);
  const names = fields.flatMap(field => field.names);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter(name => name !== name.toLowerCase())).toEqual([]);
});

test('every element is registered and fits its column', () => {
  for (const { name, field } of storedElements) {
    if (isAdded(name) || field.kind === 'name') continue;
    const element = elements.byName(name);
    expect(element, name).toBeDefined();
    const natural: Record<string, number> = {
      address: name.includes('IPv6') ? 16 : 4,
      mac: 6,
      unsigned8: 1,
      unsigned16: 2,
    };
    const length = natural[field.kind] ?? (element!.type === 'dateTimeSeconds' || field.kind === 'unsigned32' ? 4 : 8);
    expect(canBind({ id: element!.id, enterprise: element!.enterprise, length }, field.kind), name).toBe(true);
  }
});

test('what the collector adds has a name that no element has', () => {
  const names = storedElements.map(({ name }) => name).filter(isAdded);
  expect(names).toContain('sourceCountry');
  expect(names.filter(name => elements.byName(name) !== undefined)).toEqual([]);
  expect(storedElements.filter(({ field, name }) => field.kind === 'name' && !isAdded(name))).toEqual([]);
});

test('look-up', () => {
  expect(fieldOfElement('reverseOctetDeltaCount')).toMatchObject({ field: { column: 'reverseOctets' }, bit: 17 });
  expect(fieldOfElement('interfaceName')).toBeUndefined();
  expect(fieldOfShortName('SrcPort')?.column).toBe('sourcePort');
  expect(fieldOfShortName('sourceport')).toBeUndefined();
});
