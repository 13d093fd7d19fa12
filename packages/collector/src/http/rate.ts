import { isIPv6 } from 'node:net';

const PERIOD_MILLISECONDS = 60_000;
const EACH = 5;
const ALL = 50;

interface Failures {
  readonly since: number;
  count: number;
}

/**
 * How often a login may fail: 5 times a minute from one address, 50 times from all. An attempt counts from its beginning, so that
 * many at once are no way around, and is given back where it succeeds. Who is over the limit is not even asked whether the secret is right.
 */
export class LoginLimit {
  /** Never more than fit into two periods, 2 x 50: beyond that no attempt is taken. */
  readonly #each = new Map<string, Failures>();
  #all: Failures = { since: 0, count: 0 };

  constructor(readonly now: () => number = Date.now) {}

  /** Takes an attempt from the address. @returns the seconds to wait, 0 where it may be made */
  take(address: string): number {
    const now = this.now();
    if (hasEnded(this.#all, now)) this.#all = { since: now, count: 0 };
    for (const [key, failures] of this.#each) if (hasEnded(failures, now)) this.#each.delete(key);
    const key = networkOf(address);
    const own = this.#each.get(key) ?? { since: now, count: 0 };
    const full = own.count >= EACH ? own : this.#all.count >= ALL ? this.#all : undefined;
    if (full !== undefined) return Math.max(1, Math.ceil((full.since + PERIOD_MILLISECONDS - now) / 1000));
    own.count++;
    this.#all.count++;
    this.#each.set(key, own);
    return 0;
  }

  /** The attempt was no failure. */
  giveBack(address: string): void {
    const own = this.#each.get(networkOf(address));
    if (own !== undefined && own.count > 0) own.count--;
    if (this.#all.count > 0) this.#all.count--;
  }
}

/** A clock that was set back ends a period, too. */
function hasEnded({ since }: Failures, now: number): boolean {
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
