import type { Samples } from '../../analysis/billing/samples.js';
import type { StoreDoor } from '../door.js';
import { literal } from '../literals.js';
import { nextStep } from '../rollup/next-step.js';
import type { Step } from '../rollup/step.js';
import { rowsOf } from '../rows.js';
import { type CountedAccount, countStatement } from './step-sql.js';
import { SAMPLES, STEPS } from './tables.js';

/** Accounts of one statement: bounds how long it is. */
const AT_ONCE = 50;
/** Characters of it that conditions of accounts may take; the engine reads 256 KiB. */
const LONGEST = 80_000;

/** How far an account has come. */
interface Progress {
  account: CountedAccount;
  /** It has the records of all batches up to this one. */
  done: bigint;
  /** The last step, if it is not known to be done. */
  unsure: Step | undefined;
}

/** Adds Flow Records to the sums of accounts as they come, each exactly once, however often the engine or this process is killed. */
export class BillingSums {
  readonly counters = { steps: 0 };
  readonly #door: StoreDoor;
  readonly #accounts = new Map<string, Progress>();

  constructor(door: StoreDoor) {
    this.#door = door;
  }

  /** Counts for this account from now on; or by another definition, if it is known. An account that is new begins with all records that are stored. */
  async add(account: CountedAccount): Promise<void> {
    const known = this.#accounts.get(account.name);
    if (known !== undefined) {
      known.account = account;
      return;
    }
    const [row] = await rowsOf<{ start: string; end: string }>(
      this.#door,
      `SELECT argMax(first, last) AS start, max(last) AS end FROM ${STEPS} WHERE name = ${literal(account.name)} GROUP BY name`,
    );
    const unsure = row === undefined ? undefined : { from: BigInt(row.start), to: BigInt(row.end) };
    this.#accounts.set(account.name, { account, done: unsure?.to ?? 0n, unsure });
  }

  /**
   * Takes all batches up to this one. One call at a time; throws what the door throws, and can be called again then.
   * @param isClosed asked between two steps: whether to leave the rest.
   */
  async advance(settled: bigint, isClosed: () => boolean): Promise<void> {
    const all = [...this.#accounts.values()];
    for (const each of all) if (each.unsure !== undefined) await this.#take([each], each.unsure, true);
    while (!isClosed()) {
      const from = least(all.map(({ done }) => done));
      if (from === undefined || from >= settled) return;
      const members = all.filter(({ done }) => done === from);
      const until = least(all.map(({ done }) => done).filter(done => done > from && done < settled)) ?? settled;
      const to = await nextStep(this.#door, from, until);
      if (to === undefined) for (const each of members) each.done = until;
      else await this.#begin(members, { from, to });
    }
  }

  /** An account's sums of samples that begin in [from, to), milliseconds since the epoch. */
  async samples(account: string, from: number, to: number): Promise<Samples> {
    const rows = await rowsOf<{ at: number; i: string; o: string; w: string }>(
      this.#door,
      `SELECT toUnixTimestamp(time) AS at, toString(sum(ofIn)) AS i, toString(sum(ofOut)) AS o, toString(sum(within)) AS w
       FROM ${SAMPLES} WHERE account = ${literal(account)} AND time >= toDateTime(${from / 1000}, 'UTC') AND time < toDateTime(${to / 1000}, 'UTC')
       GROUP BY time HAVING sum(ofIn) != 0 OR sum(ofOut) != 0 OR sum(within) != 0 ORDER BY time`,
    );
    return {
      times: rows.map(({ at }) => at * 1000),
      in: rows.map(({ i }) => BigInt(i)),
      out: rows.map(({ o }) => BigInt(o)),
      within: rows.map(({ w }) => BigInt(w)),
    };
  }

  async #begin(members: readonly Progress[], step: Step): Promise<void> {
    const rows = members.map(({ account }) => `(${literal(account.name)}, ${step.from}, ${step.to})`);
    await this.#door.command(`INSERT INTO ${STEPS} (name, first, last) VALUES ${rows.join(', ')}`);
    for (const each of members) each.unsure = step;
    for (const some of together(members)) await this.#take(some, step, false);
    this.counters.steps++;
  }

  async #take(members: readonly Progress[], step: Step, again: boolean): Promise<void> {
    const accounts = members.map(({ account }) => account);
    await this.#door.command(countStatement(accounts, step, again));
    for (const each of members) {
      each.unsure = undefined;
      each.done = step.to;
    }
  }
}

/** In parts that are not too much for one statement. */
function together(members: readonly Progress[]): Progress[][] {
  const parts: Progress[][] = [];
  let length = 0;
  for (const each of members) {
    // Each value of what is inside makes conditions for both ends, in three places.
    const { inside, filter } = each.account.definition;
    const own = 6 * (300 * inside.values.length + 10 * filter.length);
    if (parts.length === 0 || parts.at(-1)!.length >= AT_ONCE || length + own > LONGEST) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)!.push(each);
    length += own;
  }
  return parts;
}

function least(numbers: readonly bigint[]): bigint | undefined {
  return numbers.reduce<bigint | undefined>(
    (smallest, each) => (smallest === undefined || each < smallest ? each : smallest),
    undefined,
  );
}
