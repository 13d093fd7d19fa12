/* SPDX-License-Identifier: GPL-2.0-only */
/* What a connection's first packet shows that conntrack does not keep: the way through this host, headers, the connection it is related to. */
#ifndef WEIR_PATH_H
#define WEIR_PATH_H

#include "maps.h"
#include "record.h"

#define ETH_P_IPV6 0x86dd
#define SKB_DST_PTRMASK (~1ul)
#define RTN_LOCAL 2
#define RTN_BROADCAST 3
#define RTN_MULTICAST 5
#define RTF_GATEWAY 0x0002
#define RTF_LOCAL 0x80000000
#define DST_FAKE_RTABLE 0x0080
#define ETHERNET_HEADER_OCTETS 14
/* Of an Ethernet address. The sender's lies behind the destination's, which is as long. */
#define SENDER_OCTETS 6
#define NOT_SET 0xffff

/* Octets of struct rtable from its type to the IPv4 gateway. */
#define ROUTE4_OCTETS (bpf_core_field_offset(struct rtable, rt_gw4) + 4 - bpf_core_field_offset(struct rtable, rt_type))
#define ROUTE4(copy, member)                                                                                           \
	(*(typeof(((struct rtable *)0)->member) *)((copy) + bpf_core_field_offset(struct rtable, member) -             \
						   bpf_core_field_offset(struct rtable, rt_type)))

static __always_inline void take_route4(struct path *p, __u8 *copy, const struct dst_entry *dst)
{
	__u32 octets = ROUTE4_OCTETS;
	__u16 type;

	if (octets > RECORD_OCTETS || bpf_probe_read_kernel(copy, octets, (void *)dst + bpf_core_field_offset(struct rtable, rt_type)))
		return;
	type = ROUTE4(copy, rt_type);
	/* The host itself is the end. */
	if (type == RTN_LOCAL || (p->ingress && (type == RTN_BROADCAST || type == RTN_MULTICAST)))
		return;
	p->egress = BPF_CORE_READ(dst, dev, ifindex);
	if (ROUTE4(copy, rt_gw_family) != AF_INET)
		return;
	p->next_hop[0] = ROUTE4(copy, rt_gw4);
	p->has_next_hop = 1;
}

static __always_inline void take_route6(struct path *p, const struct dst_entry *dst)
{
	const struct rt6_info *route = (const void *)dst;
	/* A bridge's route is of IPv4's type, whatever the packet's (net/bridge/br_nf_core.c). */
	int is_fake = BPF_CORE_READ(dst, flags) & DST_FAKE_RTABLE;
	__u32 flags = is_fake ? 0 : BPF_CORE_READ(route, rt6i_flags);

	if (flags & RTF_LOCAL)
		return;
	p->egress = BPF_CORE_READ(dst, dev, ifindex);
	if (!(flags & RTF_GATEWAY))
		return;
	BPF_CORE_READ_INTO(&p->next_hop, route, rt6i_gateway.in6_u.u6_addr32);
	p->has_next_hop = 1;
}

/* Of a packet that came over Ethernet: the sender's address, the type, and the first two octets of the IP header in one go. */
static __always_inline void take_headers(struct path *p, const struct sk_buff *skb, int is_ipv6)
{
	const unsigned char *head = skb->head;
	__u16 network = skb->network_header;
	__u16 mac = skb->mac_header;
	__u8 octets[SENDER_OCTETS + 4];
	__u8 *first = octets + SENDER_OCTETS + 2;

	/* Where there is a tunnel's header in between, it is no Ethernet header that lies there. */
	if (p->ingress && mac != NOT_SET && (__u16)(network - mac) == ETHERNET_HEADER_OCTETS) {
		if (bpf_probe_read_kernel(octets, sizeof(octets), head + mac + SENDER_OCTETS))
			return;
		__builtin_memcpy(p->mac, octets, SENDER_OCTETS);
		p->has_mac = 1;
	} else if (bpf_probe_read_kernel(first, 2, head + network)) {
		return;
	}
	p->class_of_service = is_ipv6 ? (first[0] << 4) | (first[1] >> 4) : first[1];
	p->has_class_of_service = 1;
}

static __always_inline __u16 vlan_of(__u32 namespace, __u32 index)
{
	struct interface_key key = {.namespace = namespace, .index = index};
	__u32 *vlan = index ? bpf_map_lookup_elem(&vlans, &key) : NULL;

	return vlan ? *vlan : 0;
}

static __always_inline void take_master(struct extra *e, const struct nf_conn *ct, const struct nf_conn *of)
{
	__u64 key = (__u64)ct;
	struct master m = {};

	BPF_CORE_READ_INTO(&m.source, of, tuplehash[0].tuple.src.u3.all);
	BPF_CORE_READ_INTO(&m.destination, of, tuplehash[0].tuple.dst.u3.all);
	m.source_port = BPF_CORE_READ(of, tuplehash[0].tuple.src.u.all);
	m.destination_port = BPF_CORE_READ(of, tuplehash[0].tuple.dst.u.all);
	m.protocol = BPF_CORE_READ(of, tuplehash[0].tuple.dst.protonum);
	e->has_master = !bpf_map_update_elem(&masters, &key, &m, BPF_ANY);
}

static __always_inline void take_path(struct path *p, struct look *l, const struct sk_buff *skb, const struct namespace *ns)
{
	const struct dst_entry *dst = (const void *)(skb->_skb_refdst & SKB_DST_PTRMASK);
	int is_ipv6 = skb->protocol == bpf_htons(ETH_P_IPV6);

	p->is_known = 1;
	p->ingress = skb->skb_iif;
	/* No record is written here: there is room for a copy. */
	if (dst && is_ipv6)
		take_route6(p, dst);
	else if (dst)
		take_route4(p, l->data, dst);
	take_headers(p, skb, is_ipv6);
	if (!ns->has_vlans)
		return;
	p->ingress_vlan = vlan_of(ns->inode, p->ingress);
	p->egress_vlan = vlan_of(ns->inode, p->egress);
}

#endif
