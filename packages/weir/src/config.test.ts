import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { commandOf, configure, toArguments } from './config.js';

const schema = Type.Object({
  collector: Type.Array(Type.String(), { default: ['udp://127.0.0.1:4739'], description: 'Where to export to.' }),
  'active-timeout': Type.Number({ default: 60, minimum: 1, description: 'Seconds.' }),
  reliable: Type.Boolean({ default: true, description: 'Redeliver.' }),
  source: Type.Union([Type.Literal('auto'), Type.Literal('kernel')], { default: 'auto' }),
  state: Type.Optional(Type.String()),
  accounts: Type.Optional(
    Type.Array(
      Type.Object(
        { name: Type.String(), nets: Type.Optional(Type.Array(Type.String())) },
        { additionalProperties: false },
      ),
    ),
  ),
});
const other = Type.Object({ listen: Type.Array(Type.String(), { default: [] }) });
const directory = mkdtempSync(join(tmpdir(), 'weir-config-'));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => {
  delete process.env.WEIR_ACTIVE_TIMEOUT;
  delete process.env.WEIR_COLLECTOR;
});

function file(text: string): string {
  const path = join(directory, 'weir.yaml');
  writeFileSync(path, text);
  return path;
}

function read(...options: string[]) {
  const command = commandOf('probe', schema);
  command.exitOverride().configureOutput({ writeErr: () => {} });
  command.parse(options, { from: 'user' });
  return configure(schema, command, [schema, other]);
}

describe('precedence', () => {
  test('defaults', () => {
    expect(read()).toEqual({
      collector: ['udp://127.0.0.1:4739'],
      'active-timeout': 60,
      reliable: true,
      source: 'auto',
    });
  });

  test('the file overrides defaults, the environment the file, options all', () => {
    const config = file('active-timeout: 5\nreliable: false\nlisten: [udp://127.0.0.1:1]\n');
    expect(read('--config', config)).toMatchObject({ 'active-timeout': 5, reliable: false });
    process.env.WEIR_ACTIVE_TIMEOUT = '7';
    expect(read('--config', config)['active-timeout']).toBe(7);
    expect(read('--config', config, '--active-timeout', '9')['active-timeout']).toBe(9);
  });

  test('an option may be repeated, a variable holds a list with commas', () => {
    expect(read('--collector', 'udp://a', '--collector', 'udp://b').collector).toEqual(['udp://a', 'udp://b']);
    process.env.WEIR_COLLECTOR = 'udp://c,udp://d';
    expect(read().collector).toEqual(['udp://c', 'udp://d']);
  });

  test('a list of KEY=VALUE may be keys and values in the file', () => {
    const config = file('collector: { 192.0.2.1: 1000, "2001:db8::/32": [5, 6] }\n');
    expect(read('--config', config).collector).toEqual(['192.0.2.1=1000', '2001:db8::/32=5', '2001:db8::/32=6']);
  });

  test('a list of maps is written as it is in the file, and as YAML elsewhere', () => {
    const office = { name: 'office', nets: ['10.0.0.0/8', '192.0.2.0/24'] };
    const config = file('accounts:\n  - name: office\n    nets: [10.0.0.0/8, 192.0.2.0/24]\n');
    expect(read('--config', config).accounts).toEqual([office]);
    expect(read('--accounts', '{name: office, nets: [10.0.0.0/8, 192.0.2.0/24]}').accounts).toEqual([office]);
    process.env.WEIR_ACCOUNTS = '[{name: office}, {name: home}]';
    expect(read().accounts).toEqual([{ name: 'office' }, { name: 'home' }]);
    delete process.env.WEIR_ACCOUNTS;
    expect(read(...toArguments({ accounts: [office, { name: 'home' }] })).accounts).toEqual([office, { name: 'home' }]);
  });

  test('options made of a configuration give the same configuration', () => {
    const config = read('--reliable', 'false', '--collector', 'udp://a', '--active-timeout', '3');
    expect(read(...toArguments(config))).toEqual(config);
  });
});

describe('what is wrong is named', () => {
  test.each([
    [['--active-timeout', '0'], 'UsageError', /--active-timeout: "0" must be >= 1/],
    [['--active-timeout', 'soon'], 'UsageError', /--active-timeout/],
    [['--reliable', 'maybe'], 'UsageError', /--reliable: "maybe" must be boolean/],
    [['--config', join(directory, 'absent.yaml')], 'WeirError', /absent\.yaml cannot be read: ENOENT/],
  ])('%j', (options, name, message) => {
    expect(() => read(...options)).toThrow(expect.objectContaining({ name, message: expect.stringMatching(message) }));
  });

  test.each([
    ['active-timeout: [', /cannot be read: /],
    [
      'activ-timeout: 5',
      /"activ-timeout" is not an option of Weir [\d.]+; did you mean "active-timeout"\? "weir up --help"/,
    ],
    ['active_timeout: 5', /did you mean "active-timeout"\?/],
    ['colour: red', /"colour" is not an option of Weir [\d.]+; "weir up --help" lists them/],
    ['active-timeout: 0', /weir\.yaml: active-timeout: 0 must be >= 1/],
    ['- 1', /keys and values/],
    ['accounts: [{ nam: x }]', /accounts: .* has at \/0 .*must have required properties name/],
    ['accounts: [{ name: x, net: y }]', /has at \/0\/net "y", which is no key there/],
    ['accounts: [office, 5]', /has at \/0 "office", which must be object/],
  ])('a file with %j', (text, message) => {
    expect(() => read('--config', file(text))).toThrow(
      expect.objectContaining({ name: 'WeirError', message: expect.stringMatching(message) }),
    );
  });
});
