import type { FlowRow } from '../../api/types.js';
import type { View } from '../../state/view.js';

/** Milliseconds before and after a Flow in which other exporters may tell of it, and what is related to it begins. */
const AROUND = 60_000;
/** A Flow that goes on is looked for so much longer. */
const ONWARD = 86_400_000;
/** flowEndReason of an interim report. */
export const GOES_ON = 2;

/** The View of one Flow's session. Its times are the Flow's own, so that the link holds tomorrow. */
export function sessionOf(flow: FlowRow): Pick<View, 'page' | 'flow' | 'from' | 'to'> {
  const after = flow.flowEndReason === GOES_ON ? ONWARD : AROUND;
  return {
    page: 'session',
    flow: flow.id,
    from: String(Math.floor(flow.start) - AROUND),
    to: String(Math.ceil(flow.end) + after),
  };
}
