import type { Account } from '../../analysis/billing/account.js';
import { type Month, monthAfter, monthAt, monthNamed } from '../../analysis/billing/months.js';
import { quotaFindings } from '../../analysis/billing/quota-findings.js';
import { changeSince, type Octet3, type Statement, statementOf } from '../../analysis/billing/statement.js';
import type { Finding } from '../../analysis/events/finding.js';
import { WeirError } from '../../error.js';
import type { StoreDoor } from '../door.js';
import { BillingAccounts, type KnownAccount, printAccount } from './accounts.js';
import { BillingEntries, type EntriesAsked, type Entry } from './entries.js';
import { BillingSums } from './sums.js';
import { billingTables } from './tables.js';

export interface BillingOptions {
  /** Those of the configuration; undefined: those that the store knows, as they were last. */
  readonly accounts?: readonly Account[];
  /** Milliseconds between two looks for new records; default five seconds. */
  readonly pause?: number;
  /** The time, milliseconds since the epoch; default that of the system. */
  now?(): number;
  /** Takes lines for people: quotas that are used up to a warning, months that are closed, what went wrong. */
  tell?(line: string): void;
  /** Takes each minute what all quotas are used up to. */
  onQuotas?(findings: readonly Finding[]): void;
}

/** What the store knows. */
interface Surroundings {
  /** All batches up to this one are in the table of Flow Records, or never will be. */
  readonly settled: () => bigint;
  /** Whether the engine has enough to do with what comes in. */
  readonly busy: () => boolean;
}

/** What is known of an account's month. */
export interface Bill {
  /** The month goes on; it is over; it has a statement. */
  readonly state: 'open' | 'ended' | 'closed';
  /** As it was entered last, or else as it is now. */
  readonly statement: Statement;
  /** Of a closed month. */
  readonly entry?: Omit<Entry, 'account' | 'month' | 'statement'>;
  /** Of a closed month: what its sums have become since. */
  readonly late?: Octet3;
}

/** Who makes an entry, and why. */
export type Made = Pick<Entry, 'by' | 'reason'>;

const PAUSE = 5000;
/** Looks that are left out at most while the engine is busy. */
const PATIENCE = 12;
const HOUR = 3_600_000;
/** Milliseconds between two looks at quotas. */
const QUOTAS = 60_000;
/** Who enters what is entered by itself. */
const ITSELF = 'weir';

/** Keeps accounts up with the Flow Records, and closes their months. */
export class Billing {
  readonly #sums: BillingSums;
  readonly #entries: BillingEntries;
  readonly #known = new Map<string, KnownAccount>();
  /** The month of each account that is closed next. */
  readonly #open = new Map<string, Month>();
  /** Warnings that were told of: account, month, percent. */
  readonly #warned = new Set<string>();
  readonly #options: BillingOptions & Surroundings;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #entering: Promise<unknown> = Promise.resolve();
  #looks = 0;
  #quotasAt = 0;
  readonly #shares = new Map<string, number>();
  #closed = false;

  private constructor(door: StoreDoor, options: BillingOptions & Surroundings) {
    this.#sums = new BillingSums(door);
    this.#entries = new BillingEntries(door);
    this.#options = options;
  }

  /**
   * Makes the tables where they are not there, and knows the accounts.
   * @throws WeirError where an account that has statements is to have other months.
   */
  static async open(door: StoreDoor, options: BillingOptions & Surroundings): Promise<Billing> {
    for (const statement of billingTables) await door.command(statement);
    const billing = new Billing(door, options);
    const accounts = new BillingAccounts(door);
    const stored = new Map((await accounts.list()).map(known => [known.account.name, known]));
    const wanted = new Map(options.accounts?.map(each => [each.name, each]));
    for (const known of stored.values()) {
      const { name } = known.account;
      if (options.accounts === undefined && !known.isOut) wanted.set(name, known.account);
      else if (!wanted.has(name) && !known.isOut) await accounts.takeOut(known, billing.#now());
    }
    for (const [name, account] of wanted) await billing.#add(account, stored.get(name), accounts);
    return billing;
  }

  start(): void {
    this.#schedule(0);
  }

  get accounts(): readonly KnownAccount[] {
    return [...this.#known.values()];
  }

  get counters(): Readonly<BillingSums['counters']> {
    return this.#sums.counters;
  }

  /** How much of its quota an account has used, as it was seen last; 1 is all of it. */
  get quotaShares(): ReadonlyMap<string, number> {
    return this.#shares;
  }

  /** Takes all that is settled. One call waits for the other. */
  async advance(): Promise<void> {
    const before = this.#working;
    this.#working = (before ?? Promise.resolve())
      .catch(() => {})
      .then(() => this.#sums.advance(this.#options.settled(), () => this.#closed));
    await this.#working;
  }

  /**
   * An account's month.
   * @param month its name; default the one that goes on.
   * @throws WeirError where there is no such account or month.
   */
  async bill(name: string, month: string | undefined): Promise<Bill> {
    const now = this.#now();
    const known = this.#knownOf(name);
    const asked = month === undefined ? monthAt(known.account, now) : monthOf(known.account, month);
    const statement = await this.#statement(known, asked, now);
    const [last] = (await this.#entries.list({ account: name, month: asked.name })).slice(-1);
    if (last === undefined) return { state: now < asked.to ? 'open' : 'ended', statement };
    const { number, at, by, reason } = last;
    return {
      ...{ state: 'closed', statement: last.statement, entry: { number, at, by, reason } },
      late: changeSince(last.statement.octets, statement.octets),
    };
  }

  entries(asked: EntriesAsked): Promise<Entry[]> {
    return this.#entries.list(asked);
  }

  /**
   * Closes a month that is over by a statement of its sums as they are now; where it has one, that is corrected by another.
   * @throws WeirError where the month goes on, or there is no reason for a correction.
   */
  async enter(name: string, month: string, made: Made): Promise<Entry> {
    const known = this.#knownOf(name);
    const asked = monthOf(known.account, month);
    if (this.#now() < asked.to) {
      const end = new Date(asked.to).toISOString();
      throw new WeirError(`the month ${month} of "${name}" goes on until ${end}; close it then`);
    }
    await this.advance();
    return await this.#enter(known, asked, made);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#working?.catch(() => {});
  }

  async #add(account: Account, before: KnownAccount | undefined, accounts: BillingAccounts): Promise<void> {
    const entries = await this.#entries.list({ account: account.name });
    if (before !== undefined && entries.length > 0) checkCalendar(account, before.account);
    const isSame = before?.isOut === false && printAccount(before.account) === printAccount(account);
    const known = isSame ? before : await accounts.keep(account, before, this.#now());
    this.#known.set(account.name, known);
    const closed = new Set(entries.map(({ month }) => month));
    let month = monthAt(account, known.since);
    while (closed.has(month.name)) month = monthAfter(account, month);
    this.#open.set(account.name, month);
    await this.#sums.add({ name: account.name, definition: account.definition });
  }

  #knownOf(name: string): KnownAccount {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const names = [...this.#known.keys()].join(', ');
    throw new WeirError(`there is no account "${name}"; ${names === '' ? 'none is configured' : `there is ${names}`}`);
  }

  async #statement(known: KnownAccount, month: Month, now: number): Promise<Statement> {
    const samples = await this.#sums.samples(known.account.name, month.from, month.to);
    return statementOf(known.account, known, month, samples, now);
  }

  /** One at a time, so that numbers are given once. */
  async #enter(known: KnownAccount, month: Month, made: Made): Promise<Entry> {
    const before = this.#entering;
    const entry = before.catch(() => {}).then(() => this.#enterNext(known, month, made));
    this.#entering = entry;
    return await entry;
  }

  async #enterNext(known: KnownAccount, month: Month, made: Made): Promise<Entry> {
    const [{ name: account }, now] = [known.account, this.#now()];
    const before = (await this.#entries.list({ account, month: month.name })).at(-1);
    if (before !== undefined && made.reason.trim() === '')
      throw new WeirError(`the month ${month.name} of "${account}" is closed; say why it is to be corrected`);
    const statement = await this.#statement(known, month, now);
    const entry = { account, month: month.name, number: (before?.number ?? 0) + 1, at: now, ...made, statement };
    await this.#entries.add(entry);
    return entry;
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  #schedule(pause: number): void {
    this.#timer = setTimeout(() => void this.#work(), pause);
    this.#timer.unref();
  }

  async #work(): Promise<void> {
    try {
      if (!this.#options.busy() || ++this.#looks > PATIENCE) {
        this.#looks = 0;
        await this.advance();
        await this.closeMonths();
        await this.#watchQuotas();
      }
    } catch (error) {
      if (!this.#closed)
        this.#options.tell?.(`the accounts cannot be kept up now, trying on: ${(error as Error).message}`);
    }
    if (!this.#closed) this.#schedule(this.#options.pause ?? PAUSE);
  }

  /** Closes the months whose time has come; called after `advance`. */
  async closeMonths(): Promise<void> {
    const now = this.#now();
    for (const known of this.#known.values()) {
      const { account } = known;
      for (let month = this.#open.get(account.name)!; month.to + account.closeAfter * HOUR <= now; ) {
        // It may be closed already: by hand, or by an attempt of which it was not known whether it came through.
        const entries = await this.#entries.list({ account: account.name, month: month.name });
        if (entries.length === 0) {
          await this.#enter(known, month, { by: ITSELF, reason: '' });
          this.#options.tell?.(`the month ${month.name} of the account "${account.name}" is closed`);
        }
        month = monthAfter(account, month);
        this.#open.set(account.name, month);
      }
    }
  }

  async #watchQuotas(): Promise<void> {
    const now = this.#now();
    if (now - this.#quotasAt < QUOTAS) return;
    this.#quotasAt = now;
    const findings: Finding[] = [];
    for (const known of this.#known.values()) {
      const { account } = known;
      if (account.quota === undefined) continue;
      const statement = await this.#statement(known, monthAt(account, now), now);
      const { month, quota } = statement;
      findings.push(...quotaFindings(account, statement));
      this.#shares.set(account.name, quota!.share);
      const told = (percent: number) => `${account.name} ${month} ${percent}`;
      const news = quota!.warnings.filter(({ percent }) => !this.#warned.has(told(percent)));
      for (const { percent } of news) this.#warned.add(told(percent));
      if (news.length > 0) {
        const used = Math.floor(quota!.share * 1000) / 10;
        this.#options.tell?.(`the account "${account.name}" has used ${used} % of its quota of ${month}`);
      }
    }
    this.#options.onQuotas?.(findings);
  }
}

function monthOf(account: Account, name: string): Month {
  const month = monthNamed(account, name);
  if (month === undefined) throw new WeirError(`"${name}" is no month; write it as 2026-10`);
  return month;
}

/** Months that are closed and those to come would overlap, or leave days out. */
function checkCalendar(account: Account, before: Account): void {
  if (account.timeZone === before.timeZone && account.firstDay === before.firstDay) return;
  throw new WeirError(
    `accounts: "${account.name}" has months closed in ${before.timeZone} from day ${before.firstDay} on, which others would overlap; leave timezone and first-day, or give the account another name`,
  );
}
