// Where the values of a Flow Record lie, in words of four octets, each in network order: as the fields of a Data Record have them, and what is
// neighbours in most of these is neighbours here, so that they are copied in a few runs.

export const SOURCE_IPV4 = 0;
export const DESTINATION_IPV4 = 1;
/** One octet; behind it both ports, or ICMP's type and code. */
export const PROTOCOL = 2;
export const NAT_SOURCE_IPV4 = 4;
export const NAT_DESTINATION_IPV4 = 5;
/** Both of two octets. */
export const NAT_PORTS = 6;
/** Octets, packets, reverse octets, reverse packets. */
export const DELTAS = 7;
export const START = 15;
export const END = 17;
export const FLOW_ID = 19;
/** An octet each for flowEndReason, biflowDirection and the TCP state; behind them two for the history of states. */
export const END_REASON = 20;
export const INITIATOR_ROUND_TRIP = 22;
export const RESPONDER_ROUND_TRIP = 23;
export const INGRESS = 24;
export const EGRESS = 25;
export const OFFLOAD = 26;
/** Four of 16 octets, in the order of SOURCE, DESTINATION, NAT_SOURCE, NAT_DESTINATION. */
export const ADDRESSES_IPV6 = 27;
export const INTERVAL_START = 43;
export const TOTALS = 45;
export const OBSERVATION_TIME = 53;
export const NAT_EVENT = 55;
export const NEXT_HOP = 56;
/** Both of six octets. */
export const MACS = 60;
/** Both of two octets. */
export const VLANS = 63;
export const SOURCE_AS = 64;
export const DESTINATION_AS = 65;
export const MARK = 66;
export const ZONE = 67;
export const LABELS = 68;
export const STATUS = 72;
export const MASTER_PROTOCOL = 73;
/** Two of 16 octets. */
export const MASTER_ADDRESSES = 74;
/** Both of two octets. */
export const MASTER_PORTS = 82;
export const CLASS_OF_SERVICE = 83;
/** The length of the name, an octet, and the name of at most 16 (NF_CT_HELPER_NAME_LEN). */
export const HELPER = 84;
export const RECORD_WORDS = 89;
