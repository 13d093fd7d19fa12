import { expect, test } from 'vitest';
import { parseUci } from './uci.js';

test('sections with options and lists, quoted in each way', () => {
  const sections = parseUci(`
# a comment
config probe 'main'
\toption active_timeout '60'
\toption filter "net 10.0.0.0/8 and \\"not\\" port 53" # why
\tlist collector udp://192.0.2.1
\tlist collector 'tcp://[2001:db8::1]:4739'
\toption empty ''
config other
`);
  expect(sections.map(({ type, name }) => [type, name])).toEqual([
    ['probe', 'main'],
    ['other', ''],
  ]);
  expect([...sections[0].values]).toEqual([
    ['active_timeout', ['60']],
    ['filter', ['net 10.0.0.0/8 and "not" port 53']],
    ['collector', ['udp://192.0.2.1', 'tcp://[2001:db8::1]:4739']],
    ['empty', ['']],
  ]);
});

test.each([
  ["config probe\noption a 'b", "line 2 of the configuration: a ' is not closed"],
  ['option a b', 'line 1 of the configuration: "option" comes before any "config"'],
  ['config probe\n\nfoo', 'line 3 of the configuration: it begins with "foo", not config, option or list'],
  ['config probe\nlist collector', 'line 2 of the configuration: list needs a name and a value'],
  ['config probe\noption filter net 10.0.0.0/8', '"10.0.0.0/8" is one word too many: put the value between quotes'],
])('%j is refused', (text, message) => expect(() => parseUci(text)).toThrow(message));
