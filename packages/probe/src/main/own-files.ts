import type { CollectorPlan } from './collector-set.js';
import type { NamespaceTarget } from './namespaces.js';

/**
 * The plan for one namespace: an IPFIX file has one writer, so every namespace but the probe's own has the number of its
 * Observation Domain in the names of its files, before the extension.
 */
export function withOwnFiles(plan: CollectorPlan, namespace: NamespaceTarget): CollectorPlan {
  if (namespace.path === undefined) return plan;
  const collectors = plan.collectors.map(({ url, target }) => {
    if (target.kind !== 'file' || target.path === '-') return { url, target };
    const path = target.path.replace(/(\.[^./]*)?$/, extension => `-${namespace.domain}${extension}`);
    return { url, target: { ...target, path } };
  });
  return { ...plan, collectors };
}
