import type { Namespace } from '../namespaces/namespace.js';
import { nftBackground } from './background.js';

/** Packets that the kernel saw of one version of IP and protocol, counted by nftables, both directions. */
export interface KernelTotal {
  family: 4 | 6;
  protocol: number;
  packets: number;
  octets: number;
}

const table = 'lab_truth';
/** ICMP, TCP, UDP, DCCP, GRE, ESP, ICMPv6, SCTP, UDP-Lite. */
const protocols = [1, 6, 17, 33, 47, 50, 58, 132, 136];
const families = [4, 6] as const;

/**
 * nftables counters of the lab's own on the metered node, behind connection tracking: what comes in (and goes through or stays) and what the
 * node itself sends. Packets that belong to no connection are left out. Its rules ask for `ct`, so they also make the kernel track.
 */
export class PacketTotals {
  constructor(private readonly namespace: Namespace) {
    namespace.nft(rules);
  }

  /** What was counted so far; takes the table away. */
  finish(): KernelTotal[] {
    const { nftables } = JSON.parse(this.namespace.run(['nft', '-j', 'list', 'counters', 'table', 'inet', table])) as {
      nftables: { counter?: { name: string; packets: number; bytes: number } }[];
    };
    this.namespace.run(['nft', 'delete', 'table', 'inet', table]);
    return nftables.flatMap(({ counter }) => {
      if (counter === undefined || counter.packets === 0) return [];
      const [family, protocol] = counter.name.slice(1).split('_').map(Number);
      return [{ family: family as 4 | 6, protocol: protocol!, packets: counter.packets, octets: counter.bytes }];
    });
  }
}

const counterName = (family: number, protocol: number): string => `v${family}_${protocol}`;

function counting(family: number): string {
  const names = protocols.map(protocol => `${protocol} : "${counterName(family, protocol)}"`);
  return `meta nfproto ipv${family} counter name meta l4proto map { ${names.join(', ')} }`;
}

const rules = `
table inet ${table} {
${families.flatMap(family => protocols.map(protocol => `  counter ${counterName(family, protocol)} { }`)).join('\n')}
  chain count {
    ct state invalid,untracked return
    ${nftBackground.trim()}
    ${families.map(counting).join('\n    ')}
  }
  chain incoming { type filter hook prerouting priority mangle; iif lo return; jump count; }
  chain sent { type filter hook output priority mangle; oif lo return; jump count; }
}
`;
