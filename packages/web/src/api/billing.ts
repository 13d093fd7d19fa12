import { apiUrl, get } from './client.js';
import type { BillingEntries, Bills } from './types.js';

/** Of all accounts or one; of the month that goes on or another. */
export function getBills(account: string, month: string, signal: AbortSignal): Promise<Bills> {
  return get('billing/bills', { account, month }, signal);
}

export function getEntries(account: string, signal: AbortSignal): Promise<BillingEntries> {
  return get('billing/entries', { account }, signal);
}

/** Where a bill is had as a file. */
export function billFiles(account: string, month: string): { csv: string; json: string } {
  return {
    csv: apiUrl('billing/bills.csv', { account, month, days: 'true' }),
    json: apiUrl('billing/bills', { account, month }),
  };
}
