import { Parameters } from '../../flow/filter-sql.js';
import type { FlowRow, SessionObserver } from '../../http/types.js';
import type { Store } from '../client.js';
import { type FlowId, ofFlowSql } from './flow-id.js';
import { flowsChosen } from './flowRows.js';
import { relatedFlows } from './related-flows.js';
import { observersOf } from './seen-by.js';
import { endsIn, intervalOf, type Selection } from './selection.js';
import { type FlowRecords, recordsOfFlow } from './session-records.js';

/** A Flow with its records, who saw it, and what belongs to it. */
export interface FlowSession extends FlowRecords {
  readonly flow: FlowRow;
  readonly seenBy: readonly SessionObserver[];
  readonly related: readonly FlowRow[];
}

/** Undefined where no record of the Flow ends in the selection. @throws WeirError */
export async function session(store: Store, selection: Selection, id: FlowId): Promise<FlowSession | undefined> {
  const interval = intervalOf(selection);
  const parameters = new Parameters();
  const where = `${endsIn(interval, parameters)} AND ${ofFlowSql(id, parameters)}`;
  const chosen = { number: id.number, value: 0n, lone: id.loneEnd !== undefined, newest: id.loneEnd ?? 0 };
  const [flow] = await flowsChosen(store, { chosen: [chosen], where, parameters, columns: [] });
  if (flow === undefined) return undefined;
  const found = await recordsOfFlow(store, where, parameters);
  const subject = { flow, id, from: interval.from };
  const seenBy = await observersOf(store, subject);
  return { flow, ...found, seenBy, related: await relatedFlows(store, subject) };
}
