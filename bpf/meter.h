/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs and user space share. Host byte order. */
#ifndef WEIR_METER_H
#define WEIR_METER_H

#include <linux/types.h>

/* What a Data Record has, as in packages/probe/src/exporting/flow-kinds.ts, where each is described. */
#define KIND_IPV6 (1 << 0)
#define KIND_PORTS (1 << 1)
#define KIND_ICMP (1 << 2)
#define KIND_NAT (1 << 3)
#define KIND_COUNTERS (1 << 4)
#define KIND_TOTALS (1 << 5)
#define KIND_START (1 << 6)
#define KIND_INTERVAL (1 << 7)
#define KIND_MARK (1 << 9)
#define KIND_ZONE (1 << 10)
#define KIND_LABELS (1 << 11)
#define KIND_HELPER (1 << 12)
#define KIND_MASTER (1 << 13)
#define KIND_TCP_STATE (1 << 14)
#define KIND_TCP_HISTORY (1 << 15)
#define KIND_RESPONDER_ROUND_TRIP (1 << 16)
#define KIND_INITIATOR_ROUND_TRIP (1 << 17)
#define KIND_INGRESS (1 << 18)
#define KIND_EGRESS (1 << 19)
#define KIND_NEXT_HOP (1 << 20)
#define KIND_SOURCE_MAC (1 << 21)
#define KIND_DESTINATION_MAC (1 << 22)
#define KIND_INGRESS_VLAN (1 << 23)
#define KIND_EGRESS_VLAN (1 << 24)
#define KIND_TRAFFIC (1 << 27)
#define KIND_CLASS_OF_SERVICE (1 << 28)

/* Nothing is known of the connection's way through this host: user space asks for the route. */
#define FLAG_NO_PATH (1 << 0)
/* The connection goes on. */
#define FLAG_INTERIM (1 << 1)

/* In front of each Data Record in the ring. */
struct ring_header {
	__u32 kind;
	__u32 flags;
};

enum counter {
	OCTETS,
	PACKETS,
	REVERSE_OCTETS,
	REVERSE_PACKETS,
	COUNTERS,
};

/* Up to where a connection has been exported. */
struct report {
	__u64 exported[COUNTERS];
	/* Wall clock of the last report, nanoseconds; 0 before the first. */
	__u64 reported;
	/* 1 after something else set the kernel's counters to zero: totals are not known any more. */
	__u32 was_reset;
	/* Bits by state, of those that reports have seen. */
	__u32 tcp_states;
};

#define NOT_KNOWN 0xffffffff

/* The way of a connection's first packet through this host, and what its headers show. */
struct path {
	__u32 ingress;
	__u32 egress;
	__be32 next_hop[4];
	__u16 ingress_vlan;
	__u16 egress_vlan;
	__u8 mac[6];
	__u8 class_of_service;
	__u8 has_class_of_service;
	/* 0 where the first packet was not seen. */
	__u8 is_known;
	__u8 has_next_hop;
	__u8 has_mac;
	__u8 reserved;
};

/* What conntrack does not keep of a connection, and its records have. */
struct extra {
	/* Monotonic clock at the first packet, nanoseconds; 0 where it was not seen. */
	__u64 began;
	/* Microseconds, or NOT_KNOWN. */
	__u32 responder_round_trip;
	__u32 initiator_round_trip;
	struct path path;
	/* Bits by state. */
	__u16 tcp_states;
	__u8 has_master;
	__u8 reserved[5];
};

/* The key is the kernel's pointer to the connection. */
struct connection {
	/*
	 * Who exports takes hold of the connection by changing this word: its id in the upper half, below the number of reports, whose
	 * lowest bit tells which of the two reports holds; CLAIM_ENDED once it has ended. Before the first report none holds.
	 */
	__u64 claim;
	struct report reports[2];
	/* The key once more: memory that is looked at may have become another connection's in the meantime. */
	__u64 ct;
	/* Of the namespace's maps. */
	__u32 slot;
	/* The id of the connection that a sweep has found that the kernel holds no more. */
	__u32 gone;
	struct extra extra;
};

#define CLAIM_ENDED (1u << 31)
#define CLAIM_REPORTS (CLAIM_ENDED - 1)
#define CLAIM_ID_SHIFT 32

/* Seconds that the kernel keeps a connection after a packet, from its sysctls. Index: the protocol's state in the kernel. */
struct timeouts {
	__u32 tcp[16];
	__u32 sctp[16];
	__u32 tcp_stalled;
	__u32 udp;
	__u32 udp_stream;
	__u32 icmp;
	__u32 icmpv6;
	__u32 gre;
	__u32 gre_stream;
	__u32 generic;
};

/* A network namespace that is metered. User space has it mapped. */
struct namespace {
	/* Set by user space, as are those that follow. Wall clock less monotonic clock, nanoseconds. */
	__s64 wall_offset;
	/* Nanoseconds that have to lie between two reports of a connection. */
	__u64 report_interval;
	/* Wall clock, nanoseconds: what connections that began before carried until they are adopted has been exported already. */
	__u64 exported_until;
	/* 1 while a dump shows the connections that are to be adopted. */
	__u32 is_adopting;
	/* 1 for the last sweep: each connection is reported, with the reason "forced end". */
	__u32 is_last_sweep;
	/* The namespace's inode number. */
	__u32 inode;
	/* Where its maps are found. */
	__u32 slot;
	/* 1 where it has interfaces that are VLANs. */
	__u32 has_vlans;
	__u32 reserved;
	/* Set by the programs. The kernel's pointer to the namespace. */
	__u64 net;
	/* Ends whose records found no room in the ring: lost. */
	__u64 lost;
	/* Connections that found no room in the map. */
	__u64 overflows;
	__u64 adopted;
	/* Connections whose ends were not seen (see README.md): lost. */
	__u64 unseen_ends;
	/* Ends that only the second program saw. */
	__u64 recovered;
	__u64 counter_resets;
	struct timeouts timeouts;
};

/* As many can be metered at once. */
#define NAMESPACES 256

struct interface_key {
	__u32 namespace;
	__u32 index;
};

struct neighbour_key {
	__u32 namespace;
	__u32 index;
	/* IPv4 in the first word, then zeros. */
	__be32 address[4];
};

struct neighbour {
	__u8 mac[8];
};

struct master {
	__be32 source[4];
	__be32 destination[4];
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	__u8 reserved[3];
};

#endif
