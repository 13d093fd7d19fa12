import type { CollectorSettings } from '../config/config.js';
import type { Billing } from '../store/billing/billing.js';
import type { Store } from '../store/client.js';
import type { Events } from './events/events.js';

/** Opens the accounts of the configuration and keeps them up; undefined on servers. Quotas become events. The store ends it. */
export async function startBilling(
  { accounts }: CollectorSettings,
  store: Store,
  events: Events,
  tell: (line: string) => void,
): Promise<Billing | undefined> {
  const onQuotas: Parameters<Store['billing']>[0]['onQuotas'] = findings => void events.take(findings, Date.now());
  const billing = await store.billing({ accounts, tell, onQuotas });
  billing?.start();
  return billing;
}
