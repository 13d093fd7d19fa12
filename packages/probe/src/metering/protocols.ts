export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
const DCCP = 33;
export const ICMPV6 = 58;
const SCTP = 132;
const UDPLITE = 136;

/** Of other protocols the kernel's "ports" are keys of its own. */
export const PROTOCOLS_WITH_PORTS: readonly number[] = [TCP, UDP, DCCP, SCTP, UDPLITE];

export function hasTransportPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === DCCP || protocol === SCTP || protocol === UDPLITE;
}
