import type { FlowKey } from './flow.js';

/**
 * What hosts say of their own accord, and nobody sent on purpose; no source of truth and no verdict counts it:
 * - to or from loopback: the lab's and the subject's own connections;
 * - to or from link-local addresses (RFC 4291 section 2.5.6, RFC 3927), to multicast and broadcast, from the unspecified address:
 *   router solicitations, MLD reports, neighbour discovery between link-local addresses;
 * - ICMPv6 neighbour discovery and MLD between whatever addresses, and ICMP errors of both versions: connection tracking counts them
 *   in no connection (net/netfilter/nf_conntrack_proto_icmp.c, nf_conntrack_proto_icmpv6.c).
 */
export function isBackground({ protocol, source, destination }: FlowKey, icmpType?: number): boolean {
  if (housekeepingAddress.test(source) || housekeepingAddress.test(destination)) return true;
  if (icmpType === undefined) return false;
  return (protocol === 1 && icmpErrors.includes(icmpType)) || (protocol === 58 && icmp6Housekeeping.includes(icmpType));
}

const housekeepingAddress = /^(127\.|169\.254\.|22[4-9]\.|23\d\.|255\.255\.255\.255$|0\.0\.0\.0$|::1?$|fe[89ab]|ff)/i;

/** Destination unreachable, source quench, redirect, time exceeded, parameter problem (RFC 792). */
const icmpErrors = [3, 4, 5, 11, 12];
/** Errors (RFC 4443), MLD (RFC 2710, RFC 3810), neighbour discovery (RFC 4861). */
const icmp6Housekeeping = [1, 2, 3, 4, 130, 131, 132, 133, 134, 135, 136, 137, 143];

/** The same rule in nftables: leaves the chain for packets that count nowhere. */
export const nftBackground = `
    ip saddr { 127.0.0.0/8, 169.254.0.0/16, 0.0.0.0 } return
    ip daddr { 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/4, 255.255.255.255 } return
    ip6 saddr { ::/127, fe80::/10 } return
    ip6 daddr { ::/127, fe80::/10, ff00::/8 } return
    icmp type { ${icmpErrors.join(', ')} } return
    icmpv6 type { ${icmp6Housekeeping.join(', ')} } return
`;
