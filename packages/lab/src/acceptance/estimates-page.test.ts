// Over more flows than a page waits for, the overview shows estimates until the exact figures have been read.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { screenshotDirectory } from '../paths.js';
import { until } from '../run/wait.js';
import { RunningWeir, weir } from '../weir/weir.js';
import { dataSet, field, message, reverse, templateSet } from '../wire/index.js';
import { origin, PageLab } from './page-lab.js';

/** The collector estimates what it would read from 3 million records and more. */
const FLOWS = 3_200_000;
const TOGETHER = 800;
const FROM = Date.parse('2026-03-01T00:00:00Z');
const DAY = 86_400_000;
const SPAN = `from=${FROM}&to=${FROM + DAY}`;
/** No sums are there for it. */
const FILTER = 'octets > 0';

const template = {
  id: 256,
  fields: [
    ...['sourceIPv4Address', 'destinationIPv4Address', 'sourceTransportPort', 'destinationTransportPort'].map(name =>
      field(name),
    ),
    ...['protocolIdentifier', 'ingressInterface', 'egressInterface'].map(name => field(name)),
    ...['flowStartMilliseconds', 'flowEndMilliseconds', 'octetDeltaCount', 'packetDeltaCount'].map(name => field(name)),
    ...[reverse('octetDeltaCount'), reverse('packetDeltaCount')],
  ],
};
const [HEADER, SET_HEADER] = [16, 4];
/** Where a record has its source's last two octets, the port behind its addresses, and its end and octets. */
const [SOURCE, PORT, START, OCTETS] = [2, 8, 21, 37];

/** A file of flows of a day, all different; some are much larger than others. */
function writeFlows(path: string): void {
  const file = openSync(path, 'w');
  const one = ['10.0.0.0', '192.0.2.1', 0, 443, 6, 1, 2, FROM, FROM, 0, 10, 5000, 8];
  const header = { exportTime: (FROM + DAY) / 1000, sequence: 0, domain: 1 };
  writeSync(file, message(header, templateSet(template)));
  const records = dataSet(template, new Array<typeof one>(TOGETHER).fill(one));
  const length = (records.length - SET_HEADER) / TOGETHER;
  for (let sent = 0; sent < FLOWS; sent += TOGETHER) {
    const octets = message({ ...header, sequence: sent }, records);
    for (let i = 0; i < TOGETHER; i++) {
      const at = HEADER + SET_HEADER + i * length;
      const flow = sent + i;
      octets.writeUInt16BE(flow % 5000, at + SOURCE);
      octets.writeUInt16BE(1024 + (flow % 60_000), at + PORT);
      for (const time of [START, START + 8])
        octets.writeBigUInt64BE(BigInt(FROM + Math.floor((DAY - 1) * (flow / FLOWS))), at + time);
      octets.writeBigUInt64BE(BigInt(500 + Math.round(1e7 / (1 + ((flow * 7919) % 100_003)))), at + OCTETS);
    }
    writeSync(file, octets);
  }
  closeSync(file);
}

let running: RunningWeir;
let page: Page;
const pageLab = new PageLab([], async lab => {
  const { router } = lab.topology();
  const file = join(lab.directory('flows'), 'flows.ipfix');
  writeFlows(file);
  const data = lab.directory('data');
  running = await RunningWeir.collect(lab, router, data, 'udp://127.0.0.1:4739', ['--local-networks', '10.0.0.0/8']);
  expect(weir(router, ['import', file, '--data', data], 120)).toMatchObject({ status: 0, stderr: '' });
  return {
    namespace: router,
    page: { viewport: { width: 1400, height: 1000 }, colorScheme: 'light' },
    opened: opened => (page = opened).goto(`${origin}/`),
    end: async () => expect(await running.stop()).toBe(0),
  };
});
const { at, holds, words, complaints } = pageLab;

/** All that the collector says of a summary of the day. */
async function summary(estimate: boolean): Promise<{ error: string | null; octets: number; flows: number }> {
  const path = `/api/v1/summary?filter=${encodeURIComponent(FILTER)}&${SPAN}&estimate=${estimate}`;
  return await page.evaluate(async url => {
    const answer = await fetch(url);
    const { octets, reverseOctets, flows } = (await answer.json()) as Record<
      'octets' | 'reverseOctets' | 'flows',
      number
    >;
    return { error: answer.headers.get('weir-estimate'), octets: octets + reverseOctets, flows };
  }, path);
}

test('an overview of very many flows says what it estimates, and then what is exact', async () => {
  await until('a sample of the flows', 150, async () => ((await summary(true)).error === null ? undefined : true));
  const exact = await summary(false);
  expect(exact.flows).toBe(FLOWS);
  // Exact answers are let through when the estimates have been looked at.
  const asked = new Set<string>();
  let letThrough = (): void => {};
  const looked = new Promise<void>(resolve => {
    letThrough = resolve;
  });
  await page.route('**/api/v1/**', async route => {
    const url = route.request().url();
    const same = url.replace('&estimate=true', '');
    if (url !== same) asked.add(same);
    else if (asked.has(url)) await looked;
    await route.continue();
  });
  await page.goto(`${origin}/?filter=${encodeURIComponent(FILTER)}&${SPAN}`);
  await at('estimated').filter({ hasText: '≈' }).waitFor();
  await holds('an estimate of all octets', async () => (await words('octets')).includes('≈'));
  const estimated = Number(await at('octets').getAttribute('data-value'));
  expect(estimated).not.toBe(exact.octets);
  expect(estimated / exact.octets).toBeCloseTo(1, 1);
  await holds('what is stored', async () => Number(await at('stored').getAttribute('data-value')) === FLOWS);
  await page.screenshot({ path: join(screenshotDirectory, 'estimated.png') });
  letThrough();
  await at('estimated').filter({ hasNotText: '≈' }).waitFor({ state: 'attached' });
  expect(await words('octets')).not.toContain('≈');
  expect(Number(await at('octets').getAttribute('data-value'))).toBe(exact.octets);
  expect(complaints).toEqual([]);
});
