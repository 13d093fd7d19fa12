import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DATA_TYPES } from '../elements/generated/elements.js';
import { ElementRegistry, elements, WEIR_PEN } from '../elements/registry.js';
import { type DataType, isList, naturalLength } from '../elements/types.js';
import { PEN, registry, scalars } from '../testing/arbitraries.js';
import { registerElements } from './elements.js';
import { parseText, valueText } from './text.js';

function element(type: DataType) {
  return registry.byId(PEN, DATA_TYPES.indexOf(type) + 1)!;
}

describe('RFC 7373', () => {
  test.each(DATA_TYPES.filter(type => !isList(type)))('parse(text(x)) = x for %s', type => {
    // Neither null, which is what JSON has for NaN, nor an octet that is no boolean has a text of its own.
    const values = scalars(type, naturalLength(type)).filter(
      value => value !== null && (type !== 'boolean' || typeof value === 'boolean'),
    );
    fc.assert(
      fc.property(values, value => {
        expect(parseText(element(type), valueText(element(type), value))).toEqual(value);
      }),
      { numRuns: 200, seed: 7373 },
    );
  });

  test.each<[DataType, string, unknown]>([
    ['octetArray', '00 ff\tA0', '00ffa0'],
    ['unsigned8', '0xff', 255],
    ['unsigned8', '0b101', 5],
    ['unsigned8', '007', 7],
    ['unsigned64', '18446744073709551615', '18446744073709551615'],
    ['signed8', '+5', 5],
    ['signed8', '-128', -128],
    ['float64', '-1.5e3', -1500],
    ['float64', '-inf', Number.NEGATIVE_INFINITY],
    ['float64', 'NaN', Number.NaN],
    ['boolean', 'true', true],
    ['boolean', 'FALSE', false],
    ['unsigned8', '256', 255],
    ['unsigned64', '0x10000000000000000', '18446744073709551615'],
    ['signed8', '-129', -128],
    ['signed8', '128', 127],
    ['signed8', '-0', 0],
    ['signed64', '-00000000000000000000009', -9],
    ['float32', '1e39', 3.4028234663852886e38],
    ['float64', '-1e400', -Number.MAX_VALUE],
    ['float64', '+inf', Number.POSITIVE_INFINITY],
    ['dateTimeSeconds', '2026-01-31T11:00:05', '2026-01-31T11:00:05Z'],
    ['dateTimeNanoseconds', '2026-01-31T11:00:05.123456789', '2026-01-31T11:00:05.123456789Z'],
    ['dateTimeSeconds', '2016-12-31T23:59:60', '2017-01-01T00:00:00Z'],
    ['dateTimeMilliseconds', '2016-12-31T15:59:60.250-08:00', '2017-01-01T00:00:00.250Z'],
    ['macAddress', '00:11:22:AA:BB:CC', '00:11:22:aa:bb:cc'],
    ['string', 'a "b" \\n', 'a "b" \\n'],
    ['dateTimeSeconds', '2026-01-31T12:00:05+01:00', '2026-01-31T11:00:05Z'],
    ['dateTimeMicroseconds', '2026-01-31T12:00:05.1Z', '2026-01-31T12:00:05.100000Z'],
    ['ipv4Address', '192.0.2.1', '192.0.2.1'],
    ['ipv6Address', '2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['ipv6Address', '::192.0.2.1', '::c000:201'],
    ['ipv6Address', '1::', '1::'],
    ['ipv6Address', '::', '::'],
  ])('%s "%s" is %j', (type, text, value) => {
    expect(parseText(element(type), text)).toEqual(value);
  });

  test.each<[DataType, string]>([
    ['octetArray', '0f1'],
    ['unsigned8', '0b2'],
    ['unsigned8', '-1'],
    ['unsigned8', '0x'],
    ['unsigned8', ''],
    ['signed8', '0x7f'],
    ['float64', '1.'],
    ['float64', 'e5'],
    ['boolean', '2'],
    ['boolean', 'yes'],
    ['float64', 'inf'],
    ['float64', '1e1000'],
    ['macAddress', '00:11:22:aa:bb'],
    ['macAddress', '00-11-22-aa-bb-cc'],
    ['dateTimeSeconds', '2026-01-31'],
    ['dateTimeSeconds', '2026-01-31T11:00:61'],
    ['dateTimeSeconds', '1969-12-31T23:59:59Z'],
    ['ipv4Address', '192.0.2'],
    ['ipv4Address', '192.0.2.1.'],
    ['ipv6Address', '1:2:3:4:5:6:7'],
    ['ipv6Address', '1::2::3'],
    ['ipv6Address', '1:2:3:4:5:6:7:8::'],
    ['ipv6Address', ':1::'],
    ['ipv6Address', '1:'],
    ['ipv6Address', '12345::'],
    ['ipv6Address', 'fe80::1%eth0'],
    ['basicList', '1'],
  ])('%s is not "%s"', (type, text) => {
    expect(() => parseText(element(type), text)).toThrow(`${element(type).name}: `);
  });

  test('flags are hexadecimal; lists have no text', () => {
    expect(valueText(elements.byName('tcpControlBits')!, 0x12)).toBe('0x12');
    expect(valueText(elements.byName('octetDeltaCount')!, '18446744073709551615')).toBe('18446744073709551615');
    expect(valueText(element('float64'), null)).toBe('NaN');
    expect(valueText(element('float64'), Number.POSITIVE_INFINITY)).toBe('+inf');
    expect(valueText(element('float32'), Number.NEGATIVE_INFINITY)).toBe('-inf');
    expect(valueText(element('dateTimeMilliseconds'), '2026-01-31T11:00:05.120Z')).toBe('2026-01-31T11:00:05.120');
    expect(() => valueText(element('basicList'), { list: [] })).toThrow('has no text');
    expect(() => valueText(elements.byName('protocolIdentifier')!, 256)).toThrow('"256" is no unsigned8');
    expect(() => valueText(element('float64'), 'much')).toThrow('"much" is no float64');
  });

  test('integers are clipped to the range of the element', () => {
    expect(parseText(elements.byName('sourceIPv4PrefixLength')!, '33')).toBe(32);
    expect(parseText(elements.byName('sourceTransportPortsLimit')!, '0')).toBe(1);
    expect(parseText(elements.byName('reverseSourceIPv4PrefixLength')!, '64')).toBe(32);
  });

  test('names of values are taken', () => {
    expect(parseText(elements.byName('protocolIdentifier')!, 'TCP')).toBe(6);
    expect(parseText(elements.byName('flowEndReason')!, 'idle timeout')).toBe(1);
    expect(parseText(elements.byName('natEvent')!, 'NAT44 session create')).toBe(4);
    expect(() => parseText(elements.byName('flowEndReason')!, 'nonsense')).toThrow('is no unsigned8');
  });
});

describe('a table of elements', () => {
  test('is registered', () => {
    const mine = new ElementRegistry(undefined, elements);
    const table = '# mine\n\n99\t1\tqueueDepth\tunsigned32\tquantity\tpackets\r\n99\t2\tcomment\tstring\n';
    expect(registerElements(mine, table)).toBe(2);
    expect(mine.byName('queueDepth')).toEqual({
      enterprise: 99,
      id: 1,
      name: 'queueDepth',
      type: 'unsigned32',
      semantics: 'quantity',
      units: 'packets',
    });
    expect(mine.byId(99, 2)?.type).toBe('string');
    expect(mine.byId(0, 1)?.name).toBe('octetDeltaCount');
    expect(elements.byName('queueDepth')).toBeUndefined();
  });

  test.each([
    ['99\t1', 'line 2 of the elements: it has no name'],
    ['99 1 a string', 'two numbers come first'],
    ['99\t1\ta\ttext', '"text" is no data type'],
    ['99\t1\ta\tstring\tmany', '"many" is no semantics'],
    ['99\t1\ta\tstring\t\tapples', '"apples" are no units'],
    ['99\t0\ta\tstring', 'out of range'],
    ['99\t1\t__proto__\tstring', 'give it another'],
    ['99\t1\ta\tunsigned8\t\t\t0-x', '"0-x" is no range'],
    ['99\t1\ta\tunsigned8\t\t\t0-256', 'is no range of an unsigned8'],
    ['99\t1\ta\tunsigned8\t\t\t5-1', 'is no range of an unsigned8'],
    ['99\t1\ta\tstring\t\t\t0-1', 'is no range of an string'],
    ['99\t1\ta\tstring\t\t\t\tx', 'more than 7 columns'],
  ])('is refused whole where a line is %j', (line, message) => {
    const mine = new ElementRegistry();
    expect(() => registerElements(mine, `99\t7\tgood\tstring\n${line}`)).toThrow(message);
    expect(mine.byName('good')).toBeUndefined();
  });

  test('has the form that registry/weir.json has, or is a table', () => {
    const [fromJson, fromTable] = [new ElementRegistry(), new ElementRegistry()];
    const described = {
      id: 1,
      name: 'queueLevel',
      type: 'signed16',
      semantics: 'quantity',
      units: 'packets',
      range: '-5-9',
    };
    const json = JSON.stringify({ enterprise: 99, elements: [described, { id: 2, name: 'comment', type: 'string' }] });
    expect(registerElements(fromJson, ` \n${json}`)).toBe(2);
    registerElements(fromTable, '99\t1\tqueueLevel\tsigned16\tquantity\tpackets\t-5-9\n99\t2\tcomment\tstring');
    expect(fromJson.byName('queueLevel')).toEqual({ ...described, enterprise: 99, range: [-5, 9] });
    for (const name of ['queueLevel', 'comment']) expect(fromJson.byName(name)).toEqual(fromTable.byName(name));
  });

  test('Weir registers its own file as it was generated', () => {
    const own = new ElementRegistry();
    const file = readFileSync(new URL('../../../../registry/weir.json', import.meta.url), 'utf8');
    expect(registerElements(own, file)).toBeGreaterThan(20);
    expect(own.byId(WEIR_PEN, 9)).toEqual(elements.byId(WEIR_PEN, 9));
  });

  test.each([
    ['{"enterprise":', 'is no JSON'],
    ['{"enterprise":"99","elements":[]}', 'no number "enterprise"'],
    ['{"enterprise":99}', 'list "elements"'],
    ['{"enterprise":99,"elements":[null]}', 'number 1 of the elements: it is no object'],
    ['{"enterprise":99,"elements":[{"id":"1","name":"a","type":"string"}]}', '"id" is no whole number'],
    [
      '{"enterprise":99,"elements":[{"id":1,"name":"a","type":"string"},{"id":2}]}',
      'number 2 of the elements: it has no name',
    ],
    ['{"enterprise":-1,"elements":[{"id":1,"name":"a","type":"string"}]}', 'out of range'],
  ])('JSON is refused whole: %s', (file, message) => {
    const mine = new ElementRegistry();
    expect(() => registerElements(mine, file)).toThrow(message);
    expect(mine.byName('a')).toBeUndefined();
  });
});
