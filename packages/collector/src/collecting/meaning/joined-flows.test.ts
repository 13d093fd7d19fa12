import { expect, test } from 'vitest';
import { type JoinedFlow, JoinedFlows } from './joined-flows.js';

const flow = (end: number): JoinedFlow => ({
  ...{ start: 0, flowId: undefined, icmpTypeCode: undefined, direction: 1 },
  ...{ initiator: 0, responderStart: 0, end },
});

test('the Flows last joined are remembered, as long as they are not idle', () => {
  const flows = new JoinedFlows(10);
  for (let i = 0; i < 1000; i++) flows.keep(String(i), flow(i));
  expect([999, 995].map(i => flows.of(String(i), i)?.end)).toEqual([999, 995]);
  expect(flows.of('980', 980)).toBeUndefined();
  expect([60_999, 61_000].map(begin => flows.of('999', begin)?.end)).toEqual([999, undefined]);
  flows.forget('999');
  expect(flows.of('999', 999)).toBeUndefined();
});
