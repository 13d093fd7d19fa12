import { Namespace } from '../namespaces/namespace.js';
import { attempt } from '../run/command.js';
import { expandMesh } from './mesh.js';
import { lossRules } from './rules.js';
import type { TopologySpec } from './schema.js';

type Feature = 'loss' | 'delay' | 'rate' | 'vlan';

const words: Record<Feature, string> = {
  loss: 'this kernel cannot lose packets of a link (nftables: netdev hooks ingress and egress, numgen)',
  delay: 'this kernel cannot delay packets (module sch_netem)',
  rate: 'this kernel cannot limit the rate of a link (module sch_tbf)',
  vlan: 'this kernel has no VLANs (module 8021q)',
};

const known = new Map<string, boolean>();

/** What this kernel cannot do of the topology, one sentence each. Each feature is tried once, in a namespace that goes again. */
export function missingFeatures(given: TopologySpec): string[] {
  const { nodes, links } = expandMesh(given);
  const used = (Object.keys(words) as Feature[]).filter(feature => links.some(link => link[feature] !== undefined));
  const missing = used.filter(feature => !can(feature, probe => tries[feature](probe))).map(feature => words[feature]);
  for (const [name, node] of Object.entries(nodes)) {
    const rules = node?.nft;
    if (rules !== undefined && !can(rules, probe => loads(probe, rules)))
      missing.push(`this kernel does not know something in the nft commands of node "${name}"`);
  }
  return missing;
}

function can(what: string, attempted: (probe: Namespace) => boolean): boolean {
  let answer = known.get(what);
  if (answer === undefined) known.set(what, (answer = inNamespace(attempted)));
  return answer;
}

function inNamespace(attempted: (probe: Namespace) => boolean): boolean {
  const probe = new Namespace('probe');
  try {
    probe.ip('link', 'add', 'here', 'type', 'veth', 'peer', 'name', 'there');
    return attempted(probe);
  } finally {
    probe.remove();
  }
}

const tries: Record<Feature, (probe: Namespace) => boolean> = {
  loss: probe => loads(probe, lossRules('here', 0.5)),
  delay: probe => works(probe, ['tc', 'qdisc', 'add', 'dev', 'here', 'root', 'netem', 'delay', '1ms']),
  rate: probe =>
    works(probe, [
      'tc',
      'qdisc',
      'add',
      'dev',
      'here',
      'root',
      'tbf',
      'rate',
      '1mbit',
      'burst',
      '64kb',
      'latency',
      '9ms',
    ]),
  vlan: probe => works(probe, ['ip', 'link', 'add', 'link', 'here', 'name', 'tagged', 'type', 'vlan', 'id', '5']),
};

function works(probe: Namespace, command: readonly string[]): boolean {
  return attempt(probe.command(command)).status === 0;
}

/** Whether the kernel takes the commands. A mistake in them is none of the kernel's, and comes to light where they are loaded. */
function loads(probe: Namespace, rules: string): boolean {
  return !attempt(probe.command(['nft', '-f', '-']), 60, rules).stderr.includes('Could not process rule');
}
