import type { Account } from '../../analysis/billing/account.js';
import type { Known } from '../../analysis/billing/statement.js';
import type { StoreDoor } from '../door.js';
import { literal } from '../literals.js';
import { rowsOf } from '../rows.js';
import { ACCOUNTS } from './tables.js';

/** An account, and what is known of it beside its settings. Times are milliseconds since the epoch. */
export interface KnownAccount extends Known {
  readonly account: Account;
  /** When it was configured first. */
  readonly since: number;
  /** It was taken out of the configuration. */
  readonly isOut: boolean;
}

/** Accounts as they were configured: who opens a store without its configuration asks by them. */
export class BillingAccounts {
  readonly #door: StoreDoor;

  constructor(door: StoreDoor) {
    this.#door = door;
  }

  /** All that ever were, as they were last, by name. */
  async list(): Promise<KnownAccount[]> {
    const rows = await rowsOf<{ text: string; isOut: number; times: [number, number, number] }>(
      this.#door,
      `SELECT argMaxIf(settings, at, settings != '') AS text, argMax(settings, at) = '' AS isOut, [argMax(definedAt, at), min(countedFrom), min(at)] AS moments,
         arrayMap(moment -> toFloat64(toUnixTimestamp64Milli(moment)), moments) AS times
       FROM ${ACCOUNTS} GROUP BY name ORDER BY name`,
    );
    return rows.map(({ text, isOut, times: [definedAt, countedFrom, since] }) => {
      return { account: parseAccount(text), definedAt, countedFrom, since, isOut: isOut === 1 };
    });
  }

  /**
   * Keeps an account as it is from now on.
   * @param known as it was; a new one counts from the first Flow Record that is stored.
   */
  async keep(account: Account, known: KnownAccount | undefined, now: number): Promise<KnownAccount> {
    const isSame = JSON.stringify(known?.account.definition) === JSON.stringify(account.definition);
    const kept: KnownAccount = {
      account,
      definedAt: isSame ? known!.definedAt : now,
      countedFrom: known?.countedFrom ?? (await this.#firstReceived(now)),
      since: known?.since ?? now,
      isOut: false,
    };
    await this.#insert(kept, printAccount(account), now);
    return kept;
  }

  /** The account is not in the configuration any more. */
  async takeOut(known: KnownAccount, now: number): Promise<void> {
    await this.#insert(known, '', now);
  }

  async #insert({ account, definedAt, countedFrom }: KnownAccount, settings: string, now: number): Promise<void> {
    const times = [now, definedAt, countedFrom].map(time => `fromUnixTimestamp64Milli(${time}, 'UTC')`);
    await this.#door.command(
      `INSERT INTO ${ACCOUNTS} (name, at, definedAt, countedFrom, settings)
       VALUES (${literal(account.name)}, ${times.join(', ')}, ${literal(settings)})`,
    );
  }

  async #firstReceived(now: number): Promise<number> {
    const [row] = await rowsOf<{ n: string; first: number }>(
      this.#door,
      'SELECT count() AS n, toFloat64(toUnixTimestamp64Milli(min(receivedAt))) AS first FROM flows',
    );
    return Number(row!.n) === 0 ? now : row!.first;
  }
}

/** As JSON, alike for alike accounts. */
export function printAccount(account: Account): string {
  return JSON.stringify(account, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

function parseAccount(text: string): Account {
  const account = JSON.parse(text) as Account & { quota?: { octets: string } };
  const { quota } = account;
  return { ...account, quota: quota === undefined ? undefined : { ...quota, octets: BigInt(quota.octets) } };
}
