import type { CollectorSettings } from '../config/config.js';
import type { Billing } from '../store/billing/billing.js';
import type { Store } from '../store/client.js';

/** Opens the accounts of the configuration and keeps them up; undefined on servers. The store ends it. */
export async function startBilling(
  { accounts }: CollectorSettings,
  store: Store,
  tell: (line: string) => void,
): Promise<Billing | undefined> {
  const billing = await store.billing({ accounts, tell });
  billing?.start();
  return billing;
}
