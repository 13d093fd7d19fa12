/* SPDX-License-Identifier: GPL-2.0-only */
/* A look at a connection: a copy of what the kernel keeps of it. */
#ifndef WEIR_LOOK_H
#define WEIR_LOOK_H

#include "kernel-types.h"
#include "meter.h"
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define PROTOCOL_ICMP 1
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define PROTOCOL_DCCP 33
#define PROTOCOL_GRE 47
#define PROTOCOL_ICMPV6 58
#define PROTOCOL_SCTP 132
#define PROTOCOL_UDPLITE 136

#define AF_INET 2
#define AF_INET6 10

/* enum ip_conntrack_status */
#define IPS_SEEN_REPLY (1 << 1)
#define IPS_ASSURED (1 << 2)
#define IPS_CONFIRMED (1 << 3)
#define IPS_DYING (1 << 9)
#define IPS_OFFLOAD (1 << 14)
#define IPS_HW_OFFLOAD (1 << 15)

/* enum tcp_conntrack */
#define TCP_SYN_SENT 1
#define TCP_SYN_RECV 2
#define TCP_ESTABLISHED 3
#define TCP_FIN_WAIT 4
#define TCP_LAST_ACK 6
#define TCP_CLOSE 8

#define RECORD_OCTETS 512
/* Of a record, what is written in one go. */
#define LARGEST_PART_OCTETS 32
/* struct nf_conn up to the protocol's state has about 200 octets, more with debugging of locks. */
#define CONNECTION_OCTETS 448
#define EXTENSIONS_OCTETS 64

/* What the programs work on; each has one of its own on each CPU. */
struct look {
	struct ring_header header;
	__u8 data[RECORD_OCTETS + LARGEST_PART_OCTETS];
	__u8 connection[CONNECTION_OCTETS];
	__u8 extensions[EXTENSIONS_OCTETS];
	struct extra extra;
	/* The report that holds; zeros before the first. */
	struct report last;
	__u64 now;
	__u64 start;
	__u64 end;
	__u64 status;
	__u64 total[COUNTERS];
	__u64 delta[COUNTERS];
	__u64 interval;
	__u32 octets;
	/* The namespace's inode number. */
	__u32 namespace;
	__u32 id;
	__u32 busy;
	__u8 labels[16];
	__u8 helper[16];
	/* struct nf_conn.ext */
	__u64 ext;
	__u8 protocol;
	__u8 is_ipv6;
	__u8 is_icmp;
	__u8 has_ports;
	__u8 state;
	__u8 reason;
	__u8 has_counters;
	__u8 was_reset;
	__u8 is_interim;
	__u8 has_labels;
	__u8 helper_octets;
};

/* Octets of struct nf_conn that a look copies. */
#define COPIED (bpf_core_field_offset(struct nf_conn, proto.tcp.state) + 1)
/* A member of struct nf_conn, in the copy. */
#define CT(look, member)                                                                                               \
	(*(typeof(((struct nf_conn *)0)->member) *)((look)->connection + bpf_core_field_offset(struct nf_conn, member)))
/* An address of the copy; `which` is tuple.src or tuple.dst of one of the two directions. */
#define CT_ADDRESS(look, direction, end)                                                                               \
	((const __u32 *)((look)->connection + bpf_core_field_offset(struct nf_conn, tuplehash[direction].tuple.end.u3.all)))

static __always_inline int may_have_ports(__u8 protocol)
{
	return protocol == PROTOCOL_UDP || protocol == PROTOCOL_TCP || protocol == PROTOCOL_SCTP || protocol == PROTOCOL_DCCP ||
	       protocol == PROTOCOL_UDPLITE;
}

/* Where an extension of the connection lies, or NULL. */
static __always_inline const void *extension(const struct look *l, __u32 id)
{
	__u32 at = bpf_core_field_offset(struct nf_ct_ext, offset) + id;
	__u8 offset = at < EXTENSIONS_OCTETS ? l->extensions[at] : 0;

	return l->ext && offset ? (const void *)l->ext + offset : NULL;
}

static __always_inline void read_counters(struct look *l)
{
	const struct nf_conn_acct *acct = extension(l, bpf_core_enum_value(enum nf_ct_ext_id, NF_CT_EXT_ACCT));
	struct nf_conn_counter counters[2];

	l->has_counters = acct && !bpf_probe_read_kernel(counters, sizeof(counters), acct);
	if (!l->has_counters)
		return;
	l->total[OCTETS] = counters[0].bytes.counter;
	l->total[PACKETS] = counters[0].packets.counter;
	l->total[REVERSE_OCTETS] = counters[1].bytes.counter;
	l->total[REVERSE_PACKETS] = counters[1].packets.counter;
}

static __always_inline void read_labels(struct look *l)
{
	const void *labels;
	__u64 copy[2];

	l->has_labels = 0;
	if (!bpf_core_enum_value_exists(enum nf_ct_ext_id, NF_CT_EXT_LABELS))
		return;
	labels = extension(l, bpf_core_enum_value(enum nf_ct_ext_id, NF_CT_EXT_LABELS));
	if (!labels || bpf_probe_read_kernel(copy, sizeof(copy), labels) || !(copy[0] | copy[1]))
		return;
	__builtin_memcpy(l->labels, copy, sizeof(copy));
	l->has_labels = 1;
}

static __always_inline void read_helper(struct look *l)
{
	const struct nf_conn_help *help = extension(l, bpf_core_enum_value(enum nf_ct_ext_id, NF_CT_EXT_HELPER));
	const struct nf_conntrack_helper *helper = help ? BPF_CORE_READ(help, helper) : NULL;
	long octets = 0;

	if (helper)
		octets = bpf_probe_read_kernel_str(l->helper, sizeof(l->helper), helper->name);
	l->helper_octets = octets > 1 ? octets - 1 : 0;
}

/* Copies the connection itself: its extensions stay where they are. Returns 0 where it cannot be read. */
static __always_inline int copy_connection(struct look *l, const struct nf_conn *ct, const struct namespace *ns)
{
	if (bpf_probe_read_kernel(l->connection, COPIED, ct))
		return 0;
	l->namespace = ns->inode;
	l->status = CT(l, status);
	l->now = bpf_ktime_get_ns() + ns->wall_offset;
	l->start = 0;
	return 1;
}

/* What has been counted; the extensions are found on the way. */
static __always_inline void look_at_counters(struct look *l)
{
	l->ext = (__u64)CT(l, ext);
	if (!l->ext || bpf_probe_read_kernel(l->extensions, bpf_core_type_size(struct nf_ct_ext), (void *)l->ext))
		l->ext = 0;
	read_counters(l);
}

static __always_inline void look_at_start(struct look *l)
{
	const struct nf_conn_tstamp *tstamp = extension(l, bpf_core_enum_value(enum nf_ct_ext_id, NF_CT_EXT_TSTAMP));

	if (tstamp)
		l->start = BPF_CORE_READ(tstamp, start);
}

static __always_inline void look_at_rest(struct look *l)
{
	l->protocol = CT(l, tuplehash[0].tuple.dst.protonum);
	l->is_ipv6 = CT(l, tuplehash[0].tuple.src.l3num) == AF_INET6;
	l->is_icmp = l->protocol == PROTOCOL_ICMP || l->protocol == PROTOCOL_ICMPV6;
	/* A kernel that does not know the protocol keeps no ports of it. */
	l->has_ports = may_have_ports(l->protocol) && (l->protocol == PROTOCOL_TCP || l->protocol == PROTOCOL_UDP ||
		       CT(l, tuplehash[0].tuple.src.u.all) || CT(l, tuplehash[0].tuple.dst.u.all));
	l->state = l->protocol == PROTOCOL_TCP ? CT(l, proto.tcp.state) : l->protocol == PROTOCOL_SCTP ? CT(l, proto.sctp.state) : 0;
	read_labels(l);
	read_helper(l);
}

/* All of it but the start. Returns 0 where it is no connection that counts: its first packet was dropped. */
static __always_inline int look_at(struct look *l, const struct nf_conn *ct, const struct namespace *ns)
{
	if (!copy_connection(l, ct, ns) || !(l->status & IPS_CONFIRMED))
		return 0;
	look_at_counters(l);
	look_at_rest(l);
	return 1;
}

#endif
