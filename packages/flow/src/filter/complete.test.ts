import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeFilter } from './complete.js';
import { FilterError } from './error.js';
import { parseFilter } from './parser.js';

const page = readFileSync(new URL('../../../../docs/reference/filter.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```filter\n([^`]+)```/g)].flatMap(match => match[1]!.trim().split('\n'));

const textsAt = (text: string, cursor?: number) => completeFilter(text, cursor).suggestions.map(each => each.text);

/** Where the parser finds a mistake; beyond the end where only the rest is missing, undefined where nothing is. */
function mistakeIn(text: string): number | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return error.column;
    throw error;
  }
}

describe.each(examples)('at every prefix of %s', example => {
  const prefixes = Array.from({ length: example.length + 1 }, (_, length) => example.slice(0, length));

  test('each suggestion leads on', () => {
    for (const prefix of prefixes) {
      const { from, to, suggestions } = completeFilter(prefix);
      expect(to, prefix).toBe(prefix.length);
      for (const { text } of suggestions) {
        const completed = prefix.slice(0, from) + text;
        expect(mistakeIn(completed) ?? Infinity, completed).toBeGreaterThan(completed.length);
        expect(completed.toLowerCase().startsWith(prefix.toLowerCase())).toBe(true);
      }
    }
  });

  test('each of its words that has a fixed form is suggested before it begins, or by its first half, but for names', () => {
    for (const { 0: word, index } of example.matchAll(/[A-Za-z]+(?![\w.:/"'])/g)) {
      const before = example.slice(0, index);
      if (/["'][^"']*$/.test(before) || /[\w.:/"'-]$/.test(before)) continue;
      if (['eth', 'ftp', 'M', 'G', 'DE', 'AT', 'office', 'printer', 'nas', 'voip'].includes(word)) continue;
      const half = before + word.slice(0, Math.ceil(word.length / 2));
      const suggested = [...textsAt(before), ...textsAt(half)].flatMap(text => text.toLowerCase().split(' '));
      expect(suggested, `${word} in ${example}`).toContain(word.toLowerCase());
    }
  });
});

test.each([
  ['', ['src', 'host', 'not', '(', 'octets'], ['and', ')', '=', 'tcp', 'if']],
  ['proto ', ['tcp', 'udp', 'icmp6', '=', 'in'], ['and', 'src']],
  ['proto t', ['tcp', 'tp++'], ['udp', 'tcpflags']],
  ['proto not in (tcp, ', ['udp'], ['src', ')']],
  ['proto tcp ', ['and', 'or'], [')', 'tcp']],
  ['(proto tcp ', ['and', ')'], []],
  ['src ', ['host', 'net', 'port', '=', 'in'], ['and', '<']],
  ['src h', ['host'], ['net']],
  ['src ne', ['net', 'network'], ['nexthop']],
  ['network ', [], ['and', 'src']],
  ['port ', ['443', '>', 'in'], ['tcp']],
  ['port htt', ['http', 'https', 'http-alt'], ['80']],
  ['octets ', ['=', '>', 'in', 'not in'], ['tcp', 'and', 'not']],
  ['octets >', ['>='], ['>']],
  ['in ', ['if'], ['host']],
  ['has ', ['src', 'srcname', 'rtt', 'exporter'], ['host', '=', 'and', 'not', 'in']],
  ['has proto ', ['and', 'or'], ['tcp', '=']],
  ['in if ', [], ['and', 'src']],
  ['interfaceName = ', [], ['and', 'src']],
  ['interfaceName in (', [], ['and', 'src']],
  ['proto in (tcp ', [',', ')'], ['and']],
  ['reason = ', ['1', '3'], ['tcp']],
  ['tcpflags = ', ['0x02'], ['SYN']],
  ['natEvent = ', ['1'], []],
  ['sourceI', ['sourceIPv4Address', 'sourceIPv6Address'], ['destinationIPv4Address']],
  ['conn', ['conntrackMark'], []],
  ['SRC', [], ['dst']],
])('at the end of "%s"', (text, some, none) => {
  const suggested = textsAt(text);
  expect(suggested).toEqual(expect.arrayContaining(some));
  for (const each of none) expect(suggested).not.toContain(each);
});

test('what is suggested says what it is', () => {
  const of = (text: string, wanted: string) =>
    completeFilter(text).suggestions.find(suggestion => suggestion.text === wanted);
  expect(of('proto ', 'tcp')).toEqual({ text: 'tcp', kind: 'value', detail: 'protocol 6' });
  expect(of('reason = ', '1')).toEqual({ text: '1', kind: 'value', detail: 'idle timeout' });
  expect(of('oct', 'octets')).toEqual({ text: 'octets', kind: 'field', detail: 'Octets, octets' });
  expect(of('', 'src')?.kind).toBe('keyword');
  expect(of('octets ', '>')?.kind).toBe('operator');
  expect(of('port ', '443')?.detail).toBe('https');
});

test('in the middle of a text the whole word is replaced', () => {
  expect(completeFilter('proto tc and answered', 8)).toMatchObject({
    from: 6,
    to: 8,
    suggestions: expect.arrayContaining([{ text: 'tcp', kind: 'value', detail: 'protocol 6' }]),
  });
  expect(completeFilter('proto udp and answered', 7)).toMatchObject({ from: 6, to: 9 });
});

test('behind a mistake, in a text in quotes, and in too long a text there is nothing to suggest', () => {
  for (const text of [
    'nonsense and ',
    'src hots 10.0.0.1 and ',
    'interfaceName = "e',
    'proto tcp ) ',
    '€ ',
    'a '.repeat(6000),
  ])
    expect(textsAt(text), text.slice(0, 30)).toEqual([]);
});

test('never throws, never suggests too much', () => {
  const piece = fc.constantFrom(
    ...examples.flatMap(example => example.split(/(?<=[ (),])/)),
    '(',
    '"',
    '!',
    '=',
    '\n',
    '€',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: -5, max: 200 }), (pieces, cursor) => {
      const text = pieces.join('');
      const { from, to, suggestions } = completeFilter(text, cursor);
      expect(suggestions.length).toBeLessThanOrEqual(100);
      expect(from).toBeLessThanOrEqual(to);
      expect(to).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 300 },
  );
  expect(() => completeFilter('('.repeat(9999))).not.toThrow();
});
