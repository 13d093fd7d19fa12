import type { CaseInfo, Transport } from '../case.js';
import type { CaseRun } from './case-run.js';

/** A case of a Collecting Process: sends, and says what has to be seen of it. */
export interface CollectorCase extends CaseInfo {
  /** What is sent, and what has to be seen of it, for people. */
  readonly sends: string;
  readonly expects: string;
  /** Both unless given. */
  readonly transports?: readonly Transport[];
  run(run: CaseRun): Promise<void>;
}
