import { expect, test } from 'vitest';
import { parseConntrack } from './conntrack.js';
import { translated } from './senders.js';

const sent = {
  protocol: 6,
  source: '10.1.0.2',
  sourcePort: 5000,
  destination: '10.9.0.2',
  destinationPort: 80,
  answered: true,
};
const line = (source: string, port: number, outside: string, outsidePort: number): string =>
  `ipv4 2 tcp 6 100 TIME_WAIT src=${source} dst=10.9.0.2 sport=${port} dport=80 packets=1 bytes=40 ` +
  `src=10.9.0.2 dst=${outside} sport=80 dport=${outsidePort} packets=1 bytes=40 mark=0 use=1 id=1`;

test('through two routers that translate', () => {
  const home = parseConntrack(line('10.1.0.2', 5000, '100.64.0.7', 6000));
  const carrier = parseConntrack(line('100.64.0.7', 6000, '192.0.2.1', 7000));
  expect(translated([sent], [home, carrier])).toEqual([{ ...sent, source: '192.0.2.1', sourcePort: 7000 }]);
});

test('what does not pass there keeps its key; a tuple that came twice gets both', () => {
  const table = parseConntrack(
    [line('10.1.0.2', 5000, '192.0.2.1', 1), line('10.1.0.2', 5000, '192.0.2.1', 2)].join('\n'),
  );
  const other = { ...sent, sourcePort: 5001 };
  const found = translated([sent, other, sent], [table]).map(({ source, sourcePort }) => `${source} ${sourcePort}`);
  expect(found).toEqual(['192.0.2.1 1', '10.1.0.2 5001', '192.0.2.1 2']);
});
