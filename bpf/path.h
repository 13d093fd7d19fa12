/* SPDX-License-Identifier: GPL-2.0-only */
/* What a connection's first packet shows that conntrack does not keep: the way through this host, headers, the connection it is related to. */
#ifndef WEIR_PATH_H
#define WEIR_PATH_H

#include "maps.h"
#include "record.h"

#define SKB_DST_PTRMASK (~1ul)
#define RTN_LOCAL 2
#define RTN_BROADCAST 3
#define RTN_MULTICAST 5
#define RTF_GATEWAY 0x0002
#define RTF_LOCAL 0x80000000
#define ETHERNET_HEADER_OCTETS 14
#define NOT_SET 0xffff

static __always_inline void take_route4(struct connection *c, const struct dst_entry *dst)
{
	const struct rtable *route = (const void *)dst;
	__u16 type = BPF_CORE_READ(route, rt_type);

	/* The host itself is the end. */
	if (type == RTN_LOCAL || (c->ingress && (type == RTN_BROADCAST || type == RTN_MULTICAST)))
		return;
	c->egress = BPF_CORE_READ(dst, dev, ifindex);
	if (BPF_CORE_READ(route, rt_gw_family) != AF_INET)
		return;
	c->next_hop[0] = BPF_CORE_READ(route, rt_gw4);
	c->has_next_hop = 1;
}

static __always_inline void take_route6(struct connection *c, const struct dst_entry *dst)
{
	const struct rt6_info *route = (const void *)dst;
	__u32 flags = BPF_CORE_READ(route, rt6i_flags);

	if (flags & RTF_LOCAL)
		return;
	c->egress = BPF_CORE_READ(dst, dev, ifindex);
	if (!(flags & RTF_GATEWAY))
		return;
	BPF_CORE_READ_INTO(&c->next_hop, route, rt6i_gateway.in6_u.u6_addr32);
	c->has_next_hop = 1;
}

static __always_inline void take_headers(struct connection *c, const struct sk_buff *skb, int is_ipv6)
{
	unsigned char *head = BPF_CORE_READ(skb, head);
	__u16 network = BPF_CORE_READ(skb, network_header);
	__u16 mac = BPF_CORE_READ(skb, mac_header);
	__u8 first[2];

	if (!bpf_probe_read_kernel(first, sizeof(first), head + network)) {
		c->class_of_service = is_ipv6 ? (first[0] << 4) | (first[1] >> 4) : first[1];
		c->has_class_of_service = 1;
	}
	/* Of a packet that came over Ethernet; behind the destination's address is the source's. */
	if (c->ingress && mac != NOT_SET && network - mac >= ETHERNET_HEADER_OCTETS)
		c->has_mac = !bpf_probe_read_kernel(c->mac, sizeof(c->mac), head + mac + 6);
}

static __always_inline __u16 vlan_of(__u32 namespace, __u32 index)
{
	struct interface_key key = {.namespace = namespace, .index = index};
	__u32 *vlan = index ? bpf_map_lookup_elem(&vlans, &key) : NULL;

	return vlan ? *vlan : 0;
}

static __always_inline void take_master(struct connection *c, const struct nf_conn *ct, const struct nf_conn *of)
{
	__u64 key = (__u64)ct;
	struct master m = {};

	BPF_CORE_READ_INTO(&m.source, of, tuplehash[0].tuple.src.u3.all);
	BPF_CORE_READ_INTO(&m.destination, of, tuplehash[0].tuple.dst.u3.all);
	m.source_port = BPF_CORE_READ(of, tuplehash[0].tuple.src.u.all);
	m.destination_port = BPF_CORE_READ(of, tuplehash[0].tuple.dst.u.all);
	m.protocol = BPF_CORE_READ(of, tuplehash[0].tuple.dst.protonum);
	c->has_master = !bpf_map_update_elem(&masters, &key, &m, BPF_ANY);
}

static __always_inline void take_path(struct connection *c, const struct sk_buff *skb, const struct nf_conn *ct, __u32 namespace)
{
	const struct dst_entry *dst = (const void *)(BPF_CORE_READ(skb, _skb_refdst) & SKB_DST_PTRMASK);
	int is_ipv6 = BPF_CORE_READ(ct, tuplehash[0].tuple.src.l3num) == AF_INET6;

	c->has_path = 1;
	c->ingress = BPF_CORE_READ(skb, skb_iif);
	if (dst && is_ipv6)
		take_route6(c, dst);
	else if (dst)
		take_route4(c, dst);
	take_headers(c, skb, is_ipv6);
	c->ingress_vlan = vlan_of(namespace, c->ingress);
	c->egress_vlan = vlan_of(namespace, c->egress);
}

#endif
