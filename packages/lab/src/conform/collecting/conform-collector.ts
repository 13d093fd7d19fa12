import { WeirError } from '../../error.js';
import { failed, type Result, type Transport } from '../case.js';
import { type CollectorPeer, StartedCollector } from '../peers/collectors.js';
import { collectorCases } from './cases.js';
import type { CollectorCase } from './collector-case.js';
import { CollectorEnded, type CollectorSubject, type RunOptions, runCollectorCases } from './run-cases.js';

type Progress = Pick<RunOptions, 'progress'>;

/** Judges a collector that runs already. */
export function conformCollector(subject: CollectorSubject, options: Progress = {}): Promise<Result[]> {
  return runCollectorCases(subject, { ...options, cases: collectorCases });
}

/**
 * Starts a collector and judges it. A case that ends it has failed; the others are then run again with a fresh one, without that case, so
 * that its end is not held against them.
 */
export async function conformCollectorPeer(
  peer: CollectorPeer,
  transport: Transport,
  options: Progress = {},
): Promise<Result[]> {
  const fatal: Result[] = [];
  let cases: readonly CollectorCase[] = collectorCases;
  for (;;) {
    const outcome = await attemptRun(peer, transport, { ...options, cases, seconds: SECONDS });
    if (!(outcome instanceof CollectorEnded)) return inOrder([...fatal, ...outcome]);
    const info = await culprit(peer, transport, cases, outcome);
    fatal.push({ info, subject: peer.name, transport, ...failed(outcome.message) });
    cases = cases.filter(each => each !== info);
  }
}

/** A collector of ours has little else to do. */
const SECONDS = 20;

async function attemptRun(
  peer: CollectorPeer,
  transport: Transport,
  options: RunOptions,
): Promise<Result[] | CollectorEnded> {
  const started = await StartedCollector.start(peer, transport);
  try {
    return await runCollectorCases(started.subject, options);
  } catch (problem) {
    if (problem instanceof CollectorEnded) return problem;
    throw problem;
  } finally {
    await started.stop();
  }
}

/** The case that ends the collector when it is run alone: the one behind which all was silent, or one before that. */
async function culprit(
  peer: CollectorPeer,
  transport: Transport,
  all: readonly CollectorCase[],
  { id }: CollectorEnded,
): Promise<CollectorCase> {
  const cases = all.filter(each => each.transports?.includes(transport) ?? true);
  const at = cases.findIndex(each => each.id === id);
  const candidates = cases.slice(Math.max(0, at - 2), at + 1).reverse();
  for (const each of candidates) {
    if ((await attemptRun(peer, transport, { cases: [each], seconds: SECONDS })) instanceof CollectorEnded) return each;
  }
  const [first] = candidates;
  if (first === undefined)
    throw new WeirError(`${peer.name} understands nothing at all; see whether it can be started by hand`);
  return first;
}

function inOrder(results: readonly Result[]): Result[] {
  const places = new Map(collectorCases.map(({ id }, i) => [id, i]));
  const place = ({ info }: Result): number => places.get(info.id) ?? collectorCases.length;
  return [...results].sort((a, b) => place(a) - place(b));
}
