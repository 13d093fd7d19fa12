import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CollectorSettings } from '../config/config.js';
import { Forwarder } from '../forwarding/forwarder.js';
import type { Store } from '../store/client.js';
import type { Undo } from './undo.js';

/** Begins to forward to each collector that is named; undone, they end. */
export async function startForwarding(
  { forward, forwardFilter, forwardDomain, directory }: CollectorSettings,
  store: Store,
  undo: Undo,
  log: (line: string) => void,
): Promise<Forwarder[]> {
  const forwarders: Forwarder[] = [];
  for (const to of forward) {
    const file = join(directory, `forward-${createHash('sha256').update(to.url).digest('hex').slice(0, 16)}`);
    const forwarder = new Forwarder(store, { to, filter: forwardFilter, domain: forwardDomain, file, log });
    await forwarder.start();
    undo.push(() => forwarder.stop());
    forwarders.push(forwarder);
  }
  return forwarders;
}
