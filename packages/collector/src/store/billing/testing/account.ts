import type { Account, Inside } from '../../../analysis/billing/account.js';

/** An account that differs from the default in what is said. */
export function account(name: string, inside: Inside, more: Partial<Account> = {}): Account {
  return {
    ...{ name, definition: { inside, filter: '' }, timeZone: 'Europe/Berlin', firstDay: 1 },
    ...{ percentile: 95, percentileOf: 'max', quota: undefined, closeAfter: 24 },
    ...more,
  };
}
