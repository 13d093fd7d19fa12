/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The members of the kernel's structures that the programs read, and no others. The loader finds where the running kernel has them
 * (CO-RE), so that neither order nor size matters here, and no dump of a kernel's types is needed to compile.
 */
#ifndef WEIR_KERNEL_TYPES_H
#define WEIR_KERNEL_TYPES_H

#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	atomic_t refs;
} refcount_t;

struct nf_conntrack {
	refcount_t use;
};

typedef struct {
	__s64 counter;
} atomic64_t;

union nf_inet_addr {
	__u32 all[4];
};

union nf_conntrack_man_proto {
	__be16 all;
};

struct nf_conntrack_man {
	union nf_inet_addr u3;
	union nf_conntrack_man_proto u;
	__u16 l3num;
};

struct nf_conntrack_tuple {
	struct nf_conntrack_man src;
	struct {
		union nf_inet_addr u3;
		union {
			__be16 all;
		} u;
		__u8 protonum;
	} dst;
};

struct nf_conntrack_tuple_hash {
	struct nf_conntrack_tuple tuple;
};

struct nf_conntrack_zone {
	__u16 id;
};

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct ip_ct_tcp {
	__u8 state;
};

enum sctp_conntrack {
	SCTP_CONNTRACK_NONE,
};

struct ip_ct_sctp {
	enum sctp_conntrack state;
};

union nf_conntrack_proto {
	struct ip_ct_tcp tcp;
	struct ip_ct_sctp sctp;
};

struct nf_ct_ext {
	__u8 offset[1];
};

struct nf_conn {
	struct nf_conntrack ct_general;
	__u32 timeout;
	struct nf_conntrack_zone zone;
	struct nf_conntrack_tuple_hash tuplehash[2];
	unsigned long status;
	possible_net_t ct_net;
	struct nf_conn *master;
	__u32 mark;
	struct nf_ct_ext *ext;
	union nf_conntrack_proto proto;
};

struct nf_conn_counter {
	atomic64_t packets;
	atomic64_t bytes;
};

struct nf_conn_acct {
	struct nf_conn_counter counter[2];
};

struct nf_conn_tstamp {
	__u64 start;
	__u64 stop;
};

struct nf_conntrack_helper {
	char name[16];
};

struct nf_conn_help {
	struct nf_conntrack_helper *helper;
};

struct nf_conn_labels {
	unsigned long bits[2];
};

/* The numbers are the running kernel's. */
enum nf_ct_ext_id {
	NF_CT_EXT_HELPER = 0xfc,
	NF_CT_EXT_ACCT = 0xfd,
	NF_CT_EXT_TSTAMP = 0xfe,
	NF_CT_EXT_LABELS = 0xff,
};

struct nf_ct_event {
	struct nf_conn *ct;
};

struct net_device {
	int ifindex;
};

struct dst_entry {
	struct net_device *dev;
	unsigned short flags;
};

struct in6_addr {
	union {
		__be32 u6_addr32[4];
	} in6_u;
};

struct rtable {
	struct dst_entry dst;
	__u16 rt_type;
	__u8 rt_gw_family;
	union {
		__be32 rt_gw4;
		struct in6_addr rt_gw6;
	};
};

struct rt6_info {
	struct dst_entry dst;
	struct in6_addr rt6i_gateway;
	__u32 rt6i_flags;
};

struct sk_buff {
	int skb_iif;
	unsigned long _skb_refdst;
	unsigned long _nfct;
	__be16 protocol;
	unsigned char *head;
	__u16 network_header;
	__u16 mac_header;
};

struct seq_file;
struct bpf_map;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
};

#pragma clang attribute pop

#endif
