/* SPDX-License-Identifier: GPL-2.0-only */
/* The kind of a record: which fields it has. What is written goes by it, because the connection may change in between. */
#ifndef WEIR_KIND_H
#define WEIR_KIND_H

#include "look.h"

/*
 * Functions that are not static are verified once and for themselves, not again for each way that leads to them: all of it in one would be
 * too much for the verifier. They may be called with NULL, for all that it knows.
 */

static __always_inline int is_same(const struct look *l, const __u32 *a, const __u32 *b)
{
	return a[0] == b[0] && (!l->is_ipv6 || (a[1] == b[1] && a[2] == b[2] && a[3] == b[3]));
}

/* The reply direction has other addresses or ports than the forward direction turned round. Of ICMP there are no ports to compare. */
static __always_inline int is_translated(const struct look *l)
{
	if (!is_same(l, CT_ADDRESS(l, 0, src), CT_ADDRESS(l, 1, dst)) || !is_same(l, CT_ADDRESS(l, 0, dst), CT_ADDRESS(l, 1, src)))
		return 1;
	return !l->is_icmp && (CT(l, tuplehash[0].tuple.src.u.all) != CT(l, tuplehash[1].tuple.dst.u.all) ||
			       CT(l, tuplehash[0].tuple.dst.u.all) != CT(l, tuplehash[1].tuple.src.u.all));
}

static __always_inline __u32 mark_of(const struct look *l)
{
	return bpf_core_field_exists(struct nf_conn, mark) ? CT(l, mark) : 0;
}

static __always_inline __u16 zone_of(const struct look *l)
{
	return bpf_core_field_exists(struct nf_conn, zone) ? CT(l, zone.id) : 0;
}

static __always_inline __u32 path_kind(const struct path *p)
{
	__u32 kind = 0;

	if (p->ingress)
		kind |= KIND_INGRESS;
	if (p->egress)
		kind |= KIND_EGRESS;
	if (p->has_next_hop)
		kind |= KIND_NEXT_HOP;
	if (p->has_mac)
		kind |= KIND_SOURCE_MAC;
	if (p->ingress_vlan)
		kind |= KIND_INGRESS_VLAN;
	if (p->egress_vlan)
		kind |= KIND_EGRESS_VLAN;
	if (p->has_class_of_service)
		kind |= KIND_CLASS_OF_SERVICE;
	return kind;
}

static __always_inline __u32 round_trip_kind(const struct extra *e)
{
	__u32 kind = 0;

	if (e->responder_round_trip != NOT_KNOWN)
		kind |= KIND_RESPONDER_ROUND_TRIP;
	if (e->initiator_round_trip != NOT_KNOWN)
		kind |= KIND_INITIATOR_ROUND_TRIP;
	return kind;
}

__noinline int set_kind(struct look *l)
{
	__u32 kind = KIND_TRAFFIC;

	if (!l)
		return 0;
	if (l->is_ipv6)
		kind |= KIND_IPV6;
	if (l->is_icmp)
		kind |= KIND_ICMP;
	if (l->has_ports)
		kind |= KIND_PORTS;
	if (is_translated(l))
		kind |= KIND_NAT;
	if (l->has_counters)
		kind |= l->was_reset ? KIND_COUNTERS : KIND_COUNTERS | KIND_TOTALS;
	if (l->start)
		kind |= KIND_START;
	if (l->interval)
		kind |= KIND_INTERVAL;
	if (l->protocol == PROTOCOL_TCP && l->state)
		kind |= KIND_TCP_STATE | KIND_TCP_HISTORY | round_trip_kind(&l->extra);
	if (mark_of(l))
		kind |= KIND_MARK;
	if (zone_of(l))
		kind |= KIND_ZONE;
	if (l->has_labels)
		kind |= KIND_LABELS;
	if (l->helper_octets)
		kind |= KIND_HELPER;
	if (l->extra.has_master)
		kind |= KIND_MASTER;
	l->header.kind = kind | path_kind(&l->extra.path);
	l->header.flags = (l->extra.path.is_known ? 0 : FLAG_NO_PATH) | (l->is_interim ? FLAG_INTERIM : 0);
	return 0;
}

#endif
