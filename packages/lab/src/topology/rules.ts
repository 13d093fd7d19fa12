import { silentPorts } from './schema.js';

/** nftables commands for what topologies ask of nodes, each in a table of its own. */
export function masqueradeRules(outside: string): string {
  return `
table inet lab-masquerade {
  chain postrouting {
    type nat hook postrouting priority srcnat
    oifname "${outside}" masquerade
  }
}
`;
}

// No ct expression here: the node itself is not to track.
export const silenceRules = `
table inet lab-silence {
  chain input {
    type filter hook input priority filter
    tcp dport ${silentPorts.tcp} drop
    udp dport ${silentPorts.udp.first}-${silentPorts.udp.last} drop
  }
}
`;

/** Any rule with ct makes the kernel track (nft_ct_get_init, nf_ct_netns_get). */
export const trackRules = `
table inet lab-track {
  chain forward {
    type filter hook forward priority filter
    ct state new accept
  }
}
`;

/**
 * Loses IP packets of a link as they come and before they go. A lost question for a link-layer address would stop everything for a
 * second, so these stay. Captures see what is lost as it comes, and not what is lost before it goes.
 */
export function lossRules(device: string, share: number): string {
  const chain = (hook: string): string => `
  chain ${hook} {
    type filter hook ${hook} device "${device}" priority 0
    meta protocol arp accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    numgen random mod 1000000 < ${Math.round(share * 1_000_000)} drop
  }`;
  return `\ntable netdev lab-loss-${device} {${chain('ingress')}${chain('egress')}\n}\n`;
}
