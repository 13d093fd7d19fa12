import { expect, test } from 'vitest';
import type { FlowRow } from '../../api/types.js';
import { hrefOf, parseView } from '../../state/view.js';
import { sessionOf } from './link.js';

const FLOW = { id: '18446744073709551615', start: 1_800_000_000_000.5, end: 1_800_000_030_000 } as FlowRow;

test('a link to a session holds its own times, and survives the address', () => {
  const part = sessionOf({ ...FLOW, flowEndReason: 3 });
  expect(part).toEqual({ page: 'session', flow: FLOW.id, from: '1799999940000', to: '1800000090000' });
  expect(parseView(hrefOf(part))).toMatchObject(part);
});

test('one that goes on is looked for longer', () => {
  const { to } = sessionOf({ ...FLOW, flowEndReason: 2 });
  expect(Number(to) - FLOW.end).toBe(86_400_000);
});
