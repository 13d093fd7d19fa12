import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseFilter } from '@weir/flow';
import { expect, test } from 'vitest';
import { keyTest } from './key-test.js';
import { socketFilter } from './socket-filter.js';
import { randomFilter, seeded } from './testing/flows.js';
import type { KernelOutcome } from './testing/kernel-program.js';

const program = fileURLToPath(new URL('../../dist/selecting/testing/kernel-program.js', import.meta.url));

/** Why the kernel cannot be asked here, or undefined. */
function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'root';
  const tools = spawnSync('sh', ['-c', 'command -v unshare conntrack nft ping >&2 && unshare -n conntrack -L']);
  return tools.status === 0 ? undefined : 'unshare, conntrack, nft and ping with a kernel that tracks connections';
}

const wanting = missing();

test.skipIf(wanting !== undefined)(
  `the kernel keeps back what cannot fit, and nothing else${wanting ? ` (needs ${wanting})` : ''}`,
  () => {
    const random = seeded(20_260_101);
    const filters = [
      'proto tcp',
      'not port 443',
      'src host 10.0.0.1 and proto udp and dst port 53',
      'dst net 2001:db8:1::/47 or proto icmp',
      'src port > 1024 and octets > 1M',
      'port 70000',
      'octets > 1M',
      `src port in (${Array.from({ length: 60 }, (_, i) => 65_476 + i).join(', ')}) or dst port 53`,
      ...Array.from({ length: 30 }, (_, i) => randomFilter(random, i % 5)),
    ];
    const run = spawnSync('unshare', ['-n', process.execPath, program, ...filters], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    expect(run.stderr).toBe('');
    const outcomes = JSON.parse(run.stdout) as KernelOutcome[];
    expect(outcomes.map(outcome => outcome.filter)).toEqual(filters);
    for (const { filter, allEvents, events, allSwept, swept, drops, ...outcome } of outcomes) {
      expect(allEvents.seen, filter).toBe(allSwept.seen);
      expect(events.fitting, filter).toEqual(allEvents.fitting);
      expect(swept.fitting, filter).toEqual(allSwept.fitting);
      // What the kernel lets through is what the same test lets through here, and none of it counts as dropped.
      expect([events.seen, events.keyed], filter).toEqual([allEvents.keyed, allEvents.keyed]);
      expect(swept.keyed, filter).toBe(allSwept.keyed);
      expect(swept.seen, filter).toBeLessThanOrEqual(allSwept.seen);
      expect(drops, filter).toBe(0);
      if (!outcome.isFilteredByKernel) expect(events.seen).toBe(allEvents.seen);
    }
    const [tcp, notHttps, dns, , , impossible] = outcomes;
    expect(tcp!.events.seen).toBeLessThan(tcp!.allEvents.seen / 2);
    expect(notHttps!.events.seen).toBeLessThan(notHttps!.allEvents.seen);
    expect(dns).toMatchObject({ isDumpFiltered: true, events: { seen: 1 }, swept: { seen: 1 } });
    expect(impossible!.events.seen).toBe(0);
  },
  60_000,
);

test('a program is an array of instructions that ends with both verdicts', () => {
  const bytes = socketFilter(keyTest(parseFilter('proto tcp')))!;
  const view = new DataView(bytes.buffer);
  expect(bytes.length % 8).toBe(0);
  const last = [bytes.length - 16, bytes.length - 8].map(at => [
    view.getUint16(at, true),
    view.getUint32(at + 4, true),
  ]);
  expect(last).toEqual([
    [6, 0xffff_ffff],
    [6, 0],
  ]);
});
