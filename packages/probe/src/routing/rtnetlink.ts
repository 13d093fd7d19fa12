/** Numbers of rtnetlink (include/uapi/linux/rtnetlink.h, if_link.h, neighbour.h, fib_rules.h, nexthop.h). */
export const NETLINK_ROUTE = 0;

export const AF_INET = 2;
export const AF_INET6 = 10;

export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
export const RTM_NEWROUTE = 24;
export const RTM_GETROUTE = 26;
export const RTM_NEWNEIGH = 28;
export const RTM_DELNEIGH = 29;
export const RTM_GETNEIGH = 30;
export const RTM_NEWRULE = 32;
export const RTM_GETRULE = 34;

/** The dump met a change of what it dumps: some of it may be missing (NLM_F_DUMP_INTR). */
export const NLM_F_DUMP_INTR = 0x10;

/**
 * Multicast groups: links, neighbours, and for both families addresses, routes, rules and forwarding settings; nexthop
 * objects. The kernel tells nothing of IPv4 routes that go with their link or their address (fib_sync_down_dev,
 * fib_sync_down_addr), so that the events of those stand for them.
 */
export const GROUPS = [1, 3, 5, 7, 8, 9, 11, 19, 24, 25, 32];

export const RTM_F_FIB_MATCH = 0x2000;
export const RTNH_F_DEAD = 1;

export const RTN_UNICAST = 1;
export const RTN_LOCAL = 2;
export const RTN_BROADCAST = 3;
export const RTN_ANYCAST = 4;

export const RTA_DST = 1;
export const RTA_SRC = 2;
export const RTA_IIF = 3;
export const RTA_OIF = 4;
export const RTA_GATEWAY = 5;
export const RTA_MULTIPATH = 9;
export const RTA_MARK = 16;
export const RTA_VIA = 18;
export const RTA_IP_PROTO = 27;
export const RTA_SPORT = 28;
export const RTA_DPORT = 29;

export const FRA_DST = 1;
export const FRA_SRC = 2;
export const FRA_IIFNAME = 3;
export const FRA_FWMARK = 10;
export const FRA_FWMASK = 16;
export const FRA_IP_PROTO = 22;
export const FRA_SPORT_RANGE = 23;
export const FRA_DPORT_RANGE = 24;

export const NDA_DST = 1;
export const NDA_LLADDR = 2;
/** Reachable, stale, delay, probe, permanent: the states in which the address is known to be somebody's. */
export const NUD_VALID = 0x02 | 0x04 | 0x08 | 0x10 | 0x80;
export const NTF_PROXY = 0x08;

export const IFLA_ADDRESS = 1;
export const IFLA_IFNAME = 3;
export const IFLA_MASTER = 10;
export const IFLA_WIRELESS = 11;
export const IFLA_LINKINFO = 18;
export const IFLA_IFALIAS = 20;
export const IFLA_INFO_KIND = 1;
export const IFLA_INFO_DATA = 2;
export const IFLA_VLAN_ID = 1;

export const IFF_UP = 0x1;
export const IFF_LOOPBACK = 0x8;
export const IFF_RUNNING = 0x40;
export const IFF_LOWER_UP = 0x10000;
