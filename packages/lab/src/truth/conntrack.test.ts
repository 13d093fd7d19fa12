import { describe, expect, test } from 'vitest';
import { parseConntrack } from './conntrack.js';

describe('conntrack output', () => {
  test('a masqueraded TCP connection with counters', () => {
    const [flow] = parseConntrack(
      'ipv4     2 tcp      6 119 TIME_WAIT src=10.77.1.2 dst=10.77.2.2 sport=40000 dport=80 packets=6 bytes=412 ' +
        'src=10.77.2.2 dst=10.77.2.1 sport=80 dport=40001 packets=5 bytes=380 [ASSURED] mark=0 use=1 id=4093625441\n',
    );
    expect(flow).toEqual({
      family: 4,
      protocol: 6,
      id: 4093625441,
      original: {
        source: '10.77.1.2',
        destination: '10.77.2.2',
        sourcePort: 40000,
        destinationPort: 80,
        packets: 6,
        octets: 412,
      },
      reply: {
        source: '10.77.2.2',
        destination: '10.77.2.1',
        sourcePort: 80,
        destinationPort: 40001,
        packets: 5,
        octets: 380,
      },
    });
  });

  test('the id of the ICMPv6 message is not the id of the connection; no counters stay absent', () => {
    const [flow] = parseConntrack(
      ' [DESTROY] ipv6     10 icmpv6   58 29 src=fd01::1 dst=fd01::2 type=128 code=0 id=6559 ' +
        'src=fd01::2 dst=fd01::1 type=129 code=0 id=6559 mark=0 use=1 id=1233337457',
    );
    expect(flow).toEqual({
      family: 6,
      protocol: 58,
      id: 1233337457,
      icmp: { type: 128, code: 0, id: 6559 },
      original: { source: 'fd01::1', destination: 'fd01::2' },
      reply: { source: 'fd01::2', destination: 'fd01::1' },
    });
  });

  test('other lines are no connections', () => {
    expect(parseConntrack('conntrack v1.4.7: 2 flow entries have been shown.\n\n')).toEqual([]);
  });
});
