import type { Statement } from '../../analysis/billing/statement.js';
import type { StoreDoor } from '../door.js';
import { literal } from '../literals.js';
import { rowsOf } from '../rows.js';
import { ENTRIES } from './tables.js';

/** A statement as it was made; it stays as it is. Times are milliseconds since the epoch. */
export interface Entry {
  readonly account: string;
  /** 2026-10 */
  readonly month: string;
  /** 1 for the statement, 2 and so on for corrections: each corrects the one before it. */
  readonly number: number;
  readonly at: number;
  /** Who made it: "weir", or who asked for it. */
  readonly by: string;
  /** Why a correction was made. */
  readonly reason: string;
  readonly statement: Statement;
}

/** Which entries. */
export interface EntriesAsked {
  readonly account?: string;
  readonly month?: string;
}

/** Statements and corrections: added, and never changed. */
export class BillingEntries {
  readonly #door: StoreDoor;

  constructor(door: StoreDoor) {
    this.#door = door;
  }

  /** In the order of account, month and number. */
  async list({ account, month }: EntriesAsked): Promise<Entry[]> {
    const asked = Object.entries({ account, month }).filter(([, value]) => value !== undefined);
    const where = asked.map(([name, value]) => `${name} = ${literal(value!)}`);
    const rows = await rowsOf<Omit<Entry, 'at' | 'statement'> & { made: number; statement: string }>(
      this.#door,
      `SELECT account, month, number, toFloat64(toUnixTimestamp64Milli(at)) AS made, by, reason, statement
       FROM ${ENTRIES} WHERE ${['true', ...where].join(' AND ')} ORDER BY account, month, number`,
    );
    return rows.map(({ made, statement, ...row }) => ({
      ...row,
      ...{ at: made, statement: JSON.parse(statement) as Statement },
    }));
  }

  /** Adds an entry. Where it is not known whether an earlier attempt came through, what is in the list says it. */
  async add({ account, month, number, at, by, reason, statement }: Entry): Promise<void> {
    const texts = [account, month].map(literal);
    const rest = [by, reason, JSON.stringify(statement)].map(literal);
    await this.#door.command(
      `INSERT INTO ${ENTRIES} (account, month, number, at, by, reason, statement)
       VALUES (${texts.join(', ')}, ${number}, fromUnixTimestamp64Milli(${at}, 'UTC'), ${rest.join(', ')})`,
    );
  }
}
