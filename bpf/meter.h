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
	__u64 was_reset;
};

#define NOT_KNOWN 0xffffffff

/* What conntrack does not keep of a connection. The key is the kernel's pointer to it. */
struct connection {
	/*
	 * Who exports takes hold of the connection by changing this word: its id in the upper half, below the number of reports, whose
	 * lowest bit tells which of the two reports holds; CLAIM_ENDED once it has ended.
	 */
	__u64 claim;
	struct report reports[2];
	/* Monotonic clock at the first packet, nanoseconds; 0 where it was not seen. */
	__u64 began;
	__u32 ingress;
	__u32 egress;
	/* Microseconds, or NOT_KNOWN. */
	__u32 responder_round_trip;
	__u32 initiator_round_trip;
	__be32 next_hop[4];
	__u16 tcp_states;
	__u16 ingress_vlan;
	__u16 egress_vlan;
	__u8 mac[6];
	__u8 class_of_service;
	__u8 has_class_of_service;
	__u8 has_path;
	__u8 has_next_hop;
	__u8 has_mac;
	__u8 has_master;
	/* A sweep has found that the kernel holds it no more. */
	__u8 was_gone;
	__u8 reserved;
	__u32 namespace;
};

#define CLAIM_ENDED (1u << 31)

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

/* A network namespace that is metered; its key is the namespace's inode number. User space has it mapped. */
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
	/* Set by the programs. Ends whose records found no room in the ring: lost. */
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
