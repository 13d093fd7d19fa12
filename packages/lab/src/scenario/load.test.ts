import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadScenario, shippedScenarios } from './load.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const whole = `description: One of each
topology: nat
meter: router
traffic:
  - transfer: { from: client, to: server, upload: 1.5 MB, download: 3 kB, rate: 200 kB/s }
  - wait: 1.5 s
  - together:
      - ping: { from: client, to: server, family: 6 }
      - wait: 20 ms
expect: { octets: 10 B, end: 0.5 s }
`;

/** The error of a scenario, without the name of its file. */
function errorOf(text: string): string {
  const file = join(folder, 'broken.yaml');
  writeFileSync(file, text);
  try {
    loadScenario(file);
  } catch (problem) {
    const { message } = problem as Error;
    expect(message.startsWith(`${file}:`), message).toBe(true);
    return message.slice(file.length + 1);
  }
  throw new Error('nothing is wrong with it');
}

describe('a scenario that is right', () => {
  test('has its units read and its defaults filled in', () => {
    const file = join(folder, 'whole.yaml');
    writeFileSync(file, whole);
    const ends = { from: 'client', to: 'server' };
    expect(loadScenario(file)).toMatchObject({
      name: 'whole',
      file,
      meter: 'router',
      'active-timeout': 60,
      timeouts: {},
      end: 'destroy',
      traffic: [
        { transfer: { ...ends, family: 4, upload: 1_500_000, download: 3000, rate: 200_000, connections: 1 } },
        { wait: 1500 },
        { together: [{ ping: { ...ends, family: 6, count: 3 } }, { wait: 20 }] },
      ],
      expect: { lost: 0, duplicated: 0, invented: 0, octets: 10, packets: 0, start: 20, end: 500, malformed: 0 },
    });
  });

  test('may bring its own topology, and expects more of flows that expire', () => {
    const file = join(folder, 'own.yaml');
    const topology = 'topology: { nodes: { a: , b: }, links: [{ between: [a, b], ipv4: 10.1.1.0/24 }] }';
    writeFileSync(
      file,
      `description: x\n${topology}\nmeter: b\ntraffic: [{ idle: { from: a, to: b, upload: 1 } }]\nend: expire\n`,
    );
    expect(loadScenario(file)).toMatchObject({ topology: { nodes: { a: null, b: null } }, expect: { end: 20 } });
  });

  test('is shipped under its name, sixteen of them at least', () => {
    const shipped = shippedScenarios();
    expect(shipped.length).toBeGreaterThanOrEqual(16);
    expect(shipped.map(({ name }) => loadScenario(name).description)).toEqual(shipped.map(each => each.description));
    for (const { description } of shipped) expect(description.length).toBeLessThan(100);
  });
});

describe('a broken scenario points at its fault', () => {
  const change = (from: string, to: string): string => {
    expect(whole).toContain(from);
    return whole.replace(from, to);
  };

  test.each([
    ['no YAML', ['topology: nat', 'topology: [nat'], /^3:\d+: no YAML: /],
    ['an unknown key', ['meter:', 'metre:'], /^3:1: unknown key "metre"; did you mean "meter"\?$/],
    ['a missing key', ['description: One of each\n', ''], /^1:1: "description" is missing; write text \(One line/],
    ['an unknown kind', ['transfer:', 'transfers:'], /^5:5: unknown "transfers"; did you mean "transfer"\?$/],
    ['a kind like no other', ['transfer:', 'zzz:'], /^5:5: unknown "zzz"; there are transfer, reset, idle/],
    ['an unknown key of a kind', ['upload:', 'uplod:'], /^5:43: unknown key "uplod"; did you mean "upload"\?$/],
    ['a missing key of a kind', [', to: server, upload', ', upload'], /^5:15: "to" is missing; write text \(The node/],
    [
      'a bad unit',
      ['1.5 MB', '1.5 Mb'],
      /^5:51: "1.5 Mb" does not fit; write a whole number from 0 on or text, such as 3 MB \(From the node/,
    ],
    ['a bad time', ['wait: 1.5 s', 'wait: soon'], /^6:11: "soon" does not fit; .* such as 20 ms/],
    ['a wrong type', ['family: 6', 'family: five'], /^8:51: "five" does not fit; write 4 or 6 \(IP version\)$/],
    [
      'a value out of range',
      ['family: 6', 'count: 0'],
      /^8:50: 0 does not fit; write a whole number from 1 to 1000 \(Echo requests\)$/,
    ],
    ['something deeper', ['- ping:', '- pong:'], /^8:9: unknown "pong"; did you mean "ping"\?$/],
    ['a list that is none', ['traffic:', 'traffic: 5\nx:'], /^5:1: unknown key "x"/],
    [
      'wrong indentation',
      ['{ from: client, to: server, family: 6 }', '\n        from: client'],
      /^9:9: "from" beside "ping"/,
    ],
    ['an unknown topology', ['nat', 'natt'], /^2:11: no topology "natt"; did you mean "nat"\?$/],
    ['an unknown node to meter', ['router', 'ruter'], /^3:8: no node "ruter"; did you mean "router"\?$/],
    [
      'an unknown node in traffic',
      ['from: client, to: server, f', 'from: client, to: sever, f'],
      /^8:35: no node "sever"/,
    ],
    [
      'traffic to itself',
      ['from: client, to: server, f', 'from: client, to: client, f'],
      /^8:35: "client" cannot send/,
    ],
    ['traffic that is not metered', ['meter: router', 'meter: other'], /^3:8: no node "other"/],
  ] as [string, [string, string], RegExp][])('%s', (_, [from, to], message) => {
    expect(errorOf(change(from, to))).toMatch(message);
  });

  test.each([
    [
      'nobody silent',
      'unanswered: { from: server, to: client }',
      /^5:37: "client" would answer; give it "silent: true"/,
    ],
    [
      'no capture',
      'replay: { from: client, to: server, file: none.pcap }',
      /^5:47: no file .*none\.pcap; captures lie/,
    ],
  ])('%s', (_, step, message) => {
    expect(errorOf(`description: x\ntopology: dual-stack\nmeter: router\ntraffic:\n  - ${step}\n`)).toMatch(message);
  });

  test('traffic without a way, past the meter, and a topology that is none', () => {
    const step = (topology: string, meter: string, from: string, to: string): string =>
      errorOf(
        `description: x\ntopology: ${topology}\nmeter: ${meter}\ntraffic:\n  - ping: { from: ${from}, to: ${to} }\n`,
      );
    expect(step('cgnat', 'carrier', 'server', 'laptop')).toBe(
      '5:5: no way from "server" to "laptop" over IPv4: it ends at "server"',
    );
    expect(step('networks', 'server', 'office', 'lab')).toBe(
      '5:5: never passes "server", where it is metered; its way is office - router - lab',
    );
    const broken = '{ nodes: { a: , b: }, links: [{ between: [a, c] }] }';
    expect(step(broken, 'a', 'a', 'b')).toBe('2:11: no node "c" for a link; there are a, b');
  });

  test('a file that is not there, and a name that is none', () => {
    expect(() => loadScenario('/nowhere.yaml')).toThrow('no scenario and no file "/nowhere.yaml"; there are ');
    expect(() => loadScenario('trasfers')).toThrow('no scenario and no file "trasfers"; did you mean "transfers"?');
  });
});
