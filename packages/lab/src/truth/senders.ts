import type { KernelFlow } from './conntrack.js';
import type { SentFlow } from './flow.js';

/**
 * What was sent, by the keys that the metered node sees.
 * @param routers tables of the translating routers that the flows pass before the metered node, in their order
 */
export function translated(_sent: readonly SentFlow[], _routers: readonly KernelFlow[][]): SentFlow[] {
  throw new Error('not built yet');
}
