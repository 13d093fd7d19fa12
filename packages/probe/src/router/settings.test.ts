import { expect, test } from 'vitest';
import { readSettings } from './settings.js';

const section = (...options: string[]) => ["config probe 'main'", ...options].join('\n');

test('options and lists by the names of the one schema, with its defaults, smaller where a router is', () => {
  const settings = readSettings(
    section(
      "option enabled '1'",
      "option active_timeout '30'",
      "option reliable '0'",
      "option filter ''",
      'list collector udp://192.0.2.1',
    ),
  );
  expect(settings).toMatchObject({
    'active-timeout': 30,
    reliable: false,
    collector: ['udp://192.0.2.1'],
    distribute: 'all',
    domain: 1,
    'flow-table-entries': 16_384,
    'template-refresh-interval': 10,
  });
  expect('filter' in settings).toBe(false);
});

test.each([
  ["option active_timeout 'soon'", "option active_timeout 'soon': it must be a number from 1 to 86400"],
  ["option domain '1.5'", "option domain '1.5': it must be a whole number from 0 to 4294967295"],
  ["option reliable 'yes'", "option reliable 'yes': it must be 0 or 1"],
  ["option distribute 'some'", "option distribute 'some': it must be one of all, failover, balance"],
  ["option namespace 'self'", 'option "namespace" is none of a probe: there are collector, distribute,'],
])('%s is refused', (option, message) => expect(() => readSettings(section(option))).toThrow(message));

test('a file without a probe is refused', () => {
  expect(() => readSettings('config collector')).toThrow('no section "config probe"');
});
