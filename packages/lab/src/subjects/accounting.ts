import type { Namespace } from '../namespaces/namespace.js';

const sysctls = ['net.netfilter.nf_conntrack_acct', 'net.netfilter.nf_conntrack_timestamp'];

/** Lets the kernel count and note the start of each connection. Returns the function that puts it back as it was. */
export function switchOnAccounting(namespace: Namespace): () => void {
  const before = sysctls.map(name => namespace.run(['sysctl', '-n', name]).trim());
  for (const name of sysctls) namespace.sysctl(name, 1);
  return () => {
    sysctls.forEach((name, i) => {
      namespace.sysctl(name, before[i]!);
    });
  };
}
