/**
 * What a Flow Record has, one bit each: its kind. Each combination that occurs gets a Template of its own, so that a field that
 * nobody knows is left out and not zeroed.
 */
export const IPV6 = 1 << 0;
export const PORTS = 1 << 1;
export const ICMP = 1 << 2;
export const NAT = 1 << 3;
export const COUNTERS = 1 << 4;
export const TOTALS = 1 << 5;
export const START = 1 << 6;
/** The counters cover the time since an interim report, not the whole Flow. */
export const INTERVAL = 1 << 7;
export const NAT_EVENT = 1 << 8;
export const MARK = 1 << 9;
export const ZONE = 1 << 10;
export const LABELS = 1 << 11;
export const HELPER = 1 << 12;
export const MASTER = 1 << 13;
export const TCP_STATE = 1 << 14;
export const TCP_HISTORY = 1 << 15;
export const RESPONDER_ROUND_TRIP = 1 << 16;
export const INITIATOR_ROUND_TRIP = 1 << 17;
export const INGRESS = 1 << 18;
export const EGRESS = 1 << 19;
export const NEXT_HOP = 1 << 20;
export const SOURCE_MAC = 1 << 21;
export const DESTINATION_MAC = 1 << 22;
export const INGRESS_VLAN = 1 << 23;
export const EGRESS_VLAN = 1 << 24;
export const SOURCE_AS = 1 << 25;
export const DESTINATION_AS = 1 << 26;
/** Times, counters and flowEndReason: all but a record that tells of a translation only. */
export const TRAFFIC = 1 << 27;
export const CLASS_OF_SERVICE = 1 << 28;
