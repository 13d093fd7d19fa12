import { type FlowKey, keyText } from './flow.js';

/** By key, in the order of their coming. */
export function byKey<F extends FlowKey>(flows: readonly F[]): Map<string, F[]> {
  const groups = new Map<string, F[]>();
  for (const flow of flows) {
    const key = keyText(flow);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [flow]);
    else group.push(flow);
  }
  return groups;
}
