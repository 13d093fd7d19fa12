import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeSchema, ROUTER_DEFAULTS, ROUTER_KEYS } from '@weir/probe';
import { expect, test } from 'vitest';
import { openwrt } from './packages.js';
import { type RecordedOption, recordSettings } from './testing/record-settings.js';

interface Property {
  readonly type?: string;
  readonly anyOf?: readonly { readonly const: string }[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

const properties = probeSchema.properties as Readonly<Record<string, Property>>;
const defaults: Readonly<Record<string, unknown>> = ROUTER_DEFAULTS;
const keys = [...ROUTER_KEYS];
const names = keys.map(key => key.replaceAll('-', '_')).sort();
const options = recordSettings();
const config = readFileSync(join(openwrt, 'weir-probe/files/etc/config/weir'), 'utf8');

test('the page of settings has each key of the schema, and no other', () => {
  expect(options.map(({ name }) => name).sort()).toEqual([...names, 'enabled'].sort());
});

test('the configuration file names each key of the schema, and no other', () => {
  const named = [...config.matchAll(/^\t#?(?:option|list) (\S+) /gm)].map(([, name]) => name!);
  expect([...new Set(named)].sort()).toEqual([...names, 'enabled'].sort());
});

test('the probe is off until it is switched on', () => expect(config).toContain("\n\toption enabled '0'\n"));

const KINDS: Readonly<Record<string, string>> = { array: 'DynamicList', boolean: 'Flag' };

test.each(keys)('%s: the page asks for what the schema has, with its bounds and default', key => {
  const property = properties[key];
  const option = options.find(({ name }) => name === key.replaceAll('-', '_')) as RecordedOption;
  expect(option.kind).toBe(property.anyOf !== undefined ? 'ListValue' : (KINDS[property.type ?? ''] ?? 'Value'));
  expect(option.description ?? option.choices).toBeTruthy();
  if (property.anyOf !== undefined) expect(option.choices).toEqual(property.anyOf.map(each => each.const));
  if (property.minimum !== undefined) {
    const type = property.type === 'integer' ? 'uinteger' : 'ufloat';
    expect(option.datatype).toBe(`and(${type},range(${property.minimum},${property.maximum}))`);
  }
  const fallback = defaults[key] ?? property.default;
  if (property.type === 'boolean') expect(option.default).toBe(fallback ? '1' : '0');
  else if (property.anyOf !== undefined) expect(option.default).toBe(fallback);
  else if (fallback !== undefined && property.type !== 'array') expect(option.placeholder).toBe(String(fallback));
});

test('the configuration file shows the defaults', () => {
  const shown = new Map([...config.matchAll(/^\t#option (\S+) '(.*)'$/gm)].map(([, name, value]) => [name, value]));
  for (const key of keys) {
    const fallback = defaults[key] ?? properties[key].default;
    if (fallback === undefined || properties[key].type === 'array') continue;
    const text = typeof fallback === 'boolean' ? String(Number(fallback)) : String(fallback);
    expect([key, shown.get(key.replaceAll('-', '_'))]).toEqual([key, text]);
  }
});

const validate = (name: string, value: string) => options.find(each => each.name === name)!.validate!('main', value);

test.each([
  'udp://192.0.2.1',
  'udp://[2001:db8::1]:4739',
  'tcp://collector.mesh:2055',
  'udp://192.0.2.1?source=192.0.2.9',
])('%s is a collector', url => expect(validate('collector', url)).toBe(true));

test.each(['192.0.2.1', 'udp://', 'tls://192.0.2.1', 'udp://2001:db8::1', 'udp://a b'])('%s is none', url =>
  expect(validate('collector', url)).toBe('Expecting: udp://HOST:PORT or tcp://HOST:PORT'),
);

test.each([
  ['truncate:24,48', true],
  ['crypto-pan:/etc/weir.key', true],
  ['truncate', 'Expecting: truncate:24,48 or crypto-pan:/FILE'],
])('anonymise %s', (value, judgement) => expect(validate('anonymise', value)).toBe(judgement));
