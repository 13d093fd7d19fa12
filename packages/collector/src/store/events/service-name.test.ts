import { expect, test } from 'vitest';
import { serviceName } from './service-name.js';

test('services by protocol and port, protocols without ports alone', () => {
  const names = [
    6 * 65_536 + 22,
    String(17 * 65_536 + 53),
    132 * 65_536 + 38_412,
    65_536 + 8,
    58 * 65_536,
    47 * 65_536,
  ];
  expect(names.map(serviceName)).toEqual(['tcp/22', 'udp/53', 'sctp/38412', 'icmp', 'icmp', '47']);
});
