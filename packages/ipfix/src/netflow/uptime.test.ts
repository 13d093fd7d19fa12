import { expect, test } from 'vitest';
import type { MessageHeader } from '../message/format.js';
import { timeOfSysUpTime } from './uptime.js';

const HEADER = { length: 0, exportTime: 1_700_000_000, sequence: 0, observationDomainId: 0 };
const AT = 1_700_000_000_000;
const netflow = (milliseconds: number): MessageHeader => ({
  ...HEADER,
  version: 9,
  sysUpTime: { milliseconds, at: AT },
});
const ipfix: MessageHeader = { ...HEADER, version: 10 };
const DAY = 86_400_000;

test.each<[string, number, MessageHeader, number | undefined, number | undefined]>([
  ['NetFlow', 1500, netflow(5000), undefined, AT - 3500],
  ['NetFlow, from before the count began anew', 2 ** 32 - 1000, netflow(2000), undefined, AT - 3000],
  ['NetFlow, a flow that ends after its Message', 5100, netflow(5000), undefined, AT + 100],
  ['NetFlow, the header is believed and not the options', 1500, netflow(5000), 1, AT - 3500],
  ['IPFIX', 1500, ipfix, AT - 5000, AT - 3500],
  ['IPFIX, an exporter that runs for 100 days', (99 * DAY) % 2 ** 32, ipfix, AT - 100 * DAY, AT - DAY],
  ['IPFIX, a flow from before the exporter', 2 ** 32 - 1000, ipfix, AT, AT - 1000],
  ['IPFIX of which nobody tells', 1500, ipfix, undefined, undefined],
])('%s', (_, sysUpTime, header, bootTime, expected) => {
  expect(timeOfSysUpTime(sysUpTime, header, bootTime)).toBe(expected);
});
