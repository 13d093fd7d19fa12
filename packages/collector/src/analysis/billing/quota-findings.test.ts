import { parseFilter } from '@weir/flow';
import { expect, test } from 'vitest';
import type { Account, Inside } from './account.js';
import { quotaFindings } from './quota-findings.js';
import type { Statement } from './statement.js';

const AT = Date.UTC(2026, 10, 20);
const quota = {
  octets: 1000,
  of: 'sum',
  used: 1010,
  share: 1.01,
  warnings: [80, 100].map(percent => ({ percent, at: AT })),
};
const found = (inside: Inside, filter = '') =>
  quotaFindings(
    { name: 'office', definition: { inside, filter } } as Account,
    { month: '2026-11', quota } as unknown as Statement,
  );

test('each warning that was reached is an event', () => {
  expect(found({ kind: 'networks', values: ['10.1.0.0/16'] })).toEqual(
    [80, 100].map(percent => ({
      ...{ key: `quota office 2026-11 ${percent}`, kind: 'quota', start: AT, strength: 1, patience: 600_000 },
      subject: { name: `office 2026-11: ${percent} %`, filter: 'net 10.1.0.0/16' },
      ...{ size: 1.01, unit: 'share' },
    })),
  );
  expect(quotaFindings({} as Account, { month: '2026-11' } as Statement)).toEqual([]);
});

test.each([
  [{ kind: 'networks', values: ['10.1.0.0/16', '192.0.2.1'] }, 'tcp', '(net 10.1.0.0/16 or host 192.0.2.1) and (tcp)'],
  [{ kind: 'macs', values: ['02:00:5e:10:00:01'] }, '', 'srcmac = 02:00:5e:10:00:01 or dstmac = 02:00:5e:10:00:01'],
  [{ kind: 'interfaces', values: ['eth0', '3'] }, '', 'in if "eth0" or out if "eth0" or in if 3 or out if 3'],
  [{ kind: 'local', values: ['10.0.0.0/8'] }, 'proto tcp', 'proto tcp'],
] as [Inside, string, string][])('the flows of %j are found', (inside, filter, text) => {
  expect(found(inside, filter)[0]!.subject.filter).toBe(text);
  if (filter !== 'tcp') expect(() => parseFilter(text)).not.toThrow();
});
