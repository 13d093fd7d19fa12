import { expect, test } from 'vitest';
import { contradictions, type Sources, truthFor } from './agree.js';
import type { CapturedFlow } from './captured-flows.js';
import type { SentFlow } from './flow.js';
import type { KernelTrueFlow } from './kernel.js';

const counters = { packets: 4, octets: 400, reversePackets: 2, reverseOctets: 200 };
const key = (i: number) => ({
  protocol: i === 0 ? 6 : 17,
  source: '10.77.1.2',
  sourcePort: 30_000 + i,
  destination: '10.77.2.2',
  destinationPort: 7000,
});
const translated = (i: number) => ({ ...key(i), source: '10.77.2.1' });

interface Made {
  kernel: KernelTrueFlow[];
  captured: CapturedFlow[];
  sent: SentFlow[];
}

/** Three flows, one of them TCP, by three sources that agree; `change` makes them disagree. */
function sources(change: (made: Made) => void = () => {}, more: Partial<Sources> = {}): Sources {
  const all = [0, 1, 2];
  const made: Made = {
    kernel: all.map(i => ({ ...key(i), ...counters, translated: translated(i) })),
    captured: all.map(i => ({
      ...key(i),
      ...counters,
      onWire: { ...counters },
      first: 10 * i,
      last: 10 * i + 5,
      link: 0,
    })),
    sent: all.map(i => ({ ...key(i), answered: true, payload: 150, ...(i === 0 ? {} : counters) })),
  };
  change(made);
  const totals = [
    { family: 4 as const, protocol: 6, packets: 6, octets: 600 },
    { family: 4 as const, protocol: 17, packets: 12, octets: 1200 },
  ];
  return {
    kernel: { flows: made.kernel, totals, problems: [] },
    capture: { flows: made.captured, dropped: 0, series: { from: 0, step: 100, values: [] } },
    sent: made.sent,
    ...more,
  };
}

test('sources that agree', () => {
  expect(contradictions(sources())).toEqual([]);
});

test.each<[string, (made: Made) => void, string[]]>([
  [
    'a flow that the capture has not',
    ({ captured }) => captured.pop(),
    ['1 flow of the kernel unknown to the capture: 17 10.77.1.2 30002 10.77.2.2 7000'],
  ],
  [
    'a flow that nobody sent',
    ({ sent }) => sent.shift(),
    ['1 flow of the kernel unknown to the senders: 6 10.77.1.2 30000 10.77.2.2 7000'],
  ],
  [
    'a flow that was sent and never came',
    ({ sent }) => sent.push({ ...key(9), answered: false }),
    ['1 flow of the senders unknown to the kernel: 17 10.77.1.2 30009 10.77.2.2 7000'],
  ],
  [
    'octets that the capture counted otherwise',
    ({ captured }) => Object.assign(captured[1]!, { octets: 401 }),
    ['the kernel and the capture disagree on the octets of 1 flow: 17 10.77.1.2 30001 10.77.2.2 7000: 400 and 401'],
  ],
  [
    'packets that the sender counted otherwise',
    ({ sent }) => Object.assign(sent[1]!, { reversePackets: 3 }),
    ['the kernel and the senders disagree on the packets back of 1 flow: 17 10.77.1.2 30001 10.77.2.2 7000: 2 and 3'],
  ],
  [
    'more payload than octets',
    ({ sent }) => Object.assign(sent[0]!, { payload: 401 }),
    [
      'the kernel counted fewer octets than the application sent or got, 1 time: 6 10.77.1.2 30000 10.77.2.2 7000: 400, sent 401',
    ],
  ],
  [
    'a TCP connection that the kernel saw once and the capture twice',
    ({ captured }) => {
      const half = { packets: 2, octets: 200, reversePackets: 1, reverseOctets: 100 };
      captured.splice(0, 1, ...[0, 1].map(() => ({ ...captured[0]!, ...half })));
    },
    [
      'the kernel and the capture disagree on how often 1 key of TCP came: 6 10.77.1.2 30000 10.77.2.2 7000: 1 and 2 times',
    ],
  ],
])('%s', (_, change, expected) => {
  expect(contradictions(sources(change))).toEqual(expected);
});

test('nftables counted packets that no connection has', () => {
  const all = sources();
  all.kernel.totals[1]!.packets++;
  expect(contradictions(all)).toEqual(['IPv4 protocol 17: connections sum up to 12 packets, nftables counted 13']);
});

test('an incomplete capture is no witness, a kernel that lost events says so', () => {
  const all = sources(({ captured }) => captured.pop());
  all.capture!.dropped = 1;
  all.kernel.problems.push('the kernel dropped 5 events');
  expect(contradictions(all)).toEqual(['the kernel dropped 5 events']);
  expect(truthFor('connections', all)[0]).toEqual({ ...key(0), ...counters });
});

test('where links lose packets, counters need not agree, flows do', () => {
  const change = ({ captured }: Made): void => {
    captured[0]!.octets = 1;
    captured.pop();
  };
  expect(contradictions(sources(change, { impaired: true }))).toHaveLength(1);
});

test('connections are the kernel’s with the capture’s times, packets are those on the wire', () => {
  const wire = { packets: 9, octets: 900, reversePackets: 8, reverseOctets: 800 };
  const all = sources(({ captured }) => Object.assign(captured[0]!, { onWire: wire }));
  expect(truthFor('connections', all)[0]).toEqual({ ...key(0), ...counters, first: 0, last: 5 });
  expect(truthFor('packets', all)[0]).toEqual({ ...key(0), ...wire, first: 0, last: 5 });
});

test('a flow that the metered node translated before the captured link is known by its other name', () => {
  const all = sources(({ captured }) => Object.assign(captured[2]!, translated(2)));
  expect(contradictions(all)).toEqual([]);
  expect(truthFor('connections', all)[2]).toEqual({ ...key(2), ...counters, first: 20, last: 25 });
});

test('what was captured on both sides of the translation counts once, and meters of packets see the first link', () => {
  const all = sources(({ captured }) => captured.push({ ...captured[2]!, ...translated(2), link: 1 }));
  expect(contradictions(all)).toEqual([]);
  expect(truthFor('connections', all)).toHaveLength(3);
  expect(truthFor('packets', all)).toHaveLength(3);
});
