import type { KernelFlow } from './conntrack.js';
import { type FlowKey, keyText, type SentFlow } from './flow.js';
import { translatedTuple, tuple } from './kernel.js';

/**
 * What was sent, by the keys that the metered node sees.
 * @param routers tables of the translating routers that the flows pass before the metered node, in their order
 */
export function translated(sent: readonly SentFlow[], routers: readonly (readonly KernelFlow[])[]): SentFlow[] {
  return routers.reduce<SentFlow[]>(behind, [...sent]);
}

/** The keys behind one router; of a tuple that came several times, in their order. What did not pass there keeps its key. */
function behind(sent: readonly SentFlow[], table: readonly KernelFlow[]): SentFlow[] {
  const after = new Map<string, FlowKey[]>();
  for (const flow of table) {
    const key = keyText(tuple(flow));
    const known = after.get(key);
    if (known === undefined) after.set(key, [translatedTuple(flow)]);
    else known.push(translatedTuple(flow));
  }
  return sent.map(flow => {
    const keys = after.get(keyText(flow));
    const next = keys !== undefined && keys.length > 1 ? keys.shift() : keys?.[0];
    return { ...flow, ...next };
  });
}
