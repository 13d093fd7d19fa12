import { isIPv6 } from 'node:net';

const PERIOD_MILLISECONDS = 60_000;

/** So many a minute from one address, and from all. */
export interface Rates {
  readonly each: number;
  readonly all: number;
}

/** How often a login may fail. */
const LOGINS: Rates = { each: 5, all: 50 };
/** What those may ask who are not logged in: a map that plays back asks once a second. */
export const PUBLIC: Rates = { each: 120, all: 1200 };

interface Attempts {
  readonly since: number;
  count: number;
}

/** Bounds how often something is tried by the minute. An attempt counts from its beginning, so that many at once are no way around. */
export class RateLimit {
  /** Never more than fit into two periods: beyond that no attempt is taken. */
  readonly #each = new Map<string, Attempts>();
  #all: Attempts = { since: 0, count: 0 };

  constructor(
    readonly rates: Rates,
    readonly now: () => number = Date.now,
  ) {}

  /** Takes an attempt from the address. @returns the seconds to wait, 0 where it may be made */
  take(address: string): number {
    const now = this.now();
    if (hasEnded(this.#all, now)) this.#all = { since: now, count: 0 };
    for (const [key, attempts] of this.#each) if (hasEnded(attempts, now)) this.#each.delete(key);
    const key = networkOf(address);
    const own = this.#each.get(key) ?? { since: now, count: 0 };
    const full = own.count >= this.rates.each ? own : this.#all.count >= this.rates.all ? this.#all : undefined;
    if (full !== undefined) return Math.max(1, Math.ceil((full.since + PERIOD_MILLISECONDS - now) / 1000));
    own.count++;
    this.#all.count++;
    this.#each.set(key, own);
    return 0;
  }

  /** The attempt was none that counts. */
  giveBack(address: string): void {
    const own = this.#each.get(networkOf(address));
    if (own !== undefined && own.count > 0) own.count--;
    if (this.#all.count > 0) this.#all.count--;
  }
}

/**
 * Of logins, which are given back where they succeed. Who is over the limit is not even asked whether the secret is right.
 */
export class LoginLimit extends RateLimit {
  constructor(now?: () => number) {
    super(LOGINS, now);
  }
}

/** A clock that was set back ends a period, too. */
function hasEnded({ since }: Attempts, now: number): boolean {
  return now >= since + PERIOD_MILLISECONDS || now < since;
}

/** Whoever has an IPv6 address has its /64 (RFC 4291 section 2.5.4). */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [before = '', after] = address.replace(/%.*$/, '').split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array<string>(Math.max(0, zeros)).fill('0'), ...tail].slice(0, 4);
  return `${groups.map(group => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
