/* SPDX-License-Identifier: GPL-2.0-only */
/* The Data Record (RFC 7011 section 3.4.3) of a look: the fields and their order are those of packages/probe/src/exporting/flow-fields.ts. */
#ifndef WEIR_RECORD_H
#define WEIR_RECORD_H

#include "kind.h"

/* RFC 5103 section 6.3: the forward direction is the initiator's. */
#define BIFLOW_DIRECTION_INITIATOR 1

/* Set before the programs are loaded: also what the preset "full" has on top of "default". */
const volatile __u8 full = 0;

/* User space keeps it up to date; what it has not been told of for longest gives way. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 14);
	__type(key, struct neighbour_key);
	__type(value, struct neighbour);
} neighbours SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1 << 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct master);
} masters SEC(".maps");

static __always_inline void put_bytes(struct look *l, const void *bytes, const __u32 octets)
{
	__u32 at = l->octets;

	if (at > RECORD_OCTETS - 16)
		return;
	__builtin_memcpy(&l->data[at], bytes, octets);
	l->octets = at + octets;
}

static __always_inline void put8(struct look *l, __u8 value)
{
	put_bytes(l, &value, 1);
}

/* In network order already. */
static __always_inline void put_be16(struct look *l, __be16 value)
{
	put_bytes(l, &value, 2);
}

static __always_inline void put16(struct look *l, __u16 value)
{
	put_be16(l, bpf_htons(value));
}

static __always_inline void put32(struct look *l, __u32 value)
{
	__be32 network = bpf_htonl(value);

	put_bytes(l, &network, 4);
}

static __always_inline void put64(struct look *l, __u64 value)
{
	__be64 network = bpf_cpu_to_be64(value);

	put_bytes(l, &network, 8);
}

static __always_inline void put_milliseconds(struct look *l, __u64 nanoseconds)
{
	put64(l, nanoseconds / 1000000);
}

static __always_inline void put_address(struct look *l, const __u32 *address)
{
	if (l->is_ipv6)
		put_bytes(l, address, 16);
	else
		put_bytes(l, address, 4);
}

__noinline int put_key(struct look *l)
{
	if (!l)
		return 0;
	put_address(l, CT_ADDRESS(l, 0, src));
	put_address(l, CT_ADDRESS(l, 0, dst));
	put8(l, l->protocol);
	if (l->has_ports)
		put_be16(l, CT(l, tuplehash[0].tuple.src.u.all));
	/* Of ICMP this is type and code. */
	if (l->has_ports || l->is_icmp)
		put_be16(l, CT(l, tuplehash[0].tuple.dst.u.all));
	if (!(l->header.kind & KIND_NAT))
		return 0;
	put_address(l, CT_ADDRESS(l, 1, dst));
	put_address(l, CT_ADDRESS(l, 1, src));
	if (!l->has_ports)
		return 0;
	put_be16(l, CT(l, tuplehash[1].tuple.dst.u.all));
	put_be16(l, CT(l, tuplehash[1].tuple.src.u.all));
	return 0;
}

__noinline int put_traffic(struct look *l)
{
	if (!l)
		return 0;
	if (l->has_counters)
		for (int i = 0; i < COUNTERS; i++)
			put64(l, l->delta[i]);
	if (full && l->header.kind & KIND_TOTALS)
		for (int i = 0; i < COUNTERS; i++)
			put64(l, l->total[i]);
	if (l->start)
		put_milliseconds(l, l->start);
	if (l->interval)
		put_milliseconds(l, l->interval);
	put_milliseconds(l, l->end);
	put32(l, l->id);
	put8(l, l->reason);
	put8(l, BIFLOW_DIRECTION_INITIATOR);
	return 0;
}

/* @c may be NULL. */
__noinline int put_tcp(struct look *l, const struct connection *c)
{
	if (!l || !(l->header.kind & KIND_TCP_STATE))
		return 0;
	put8(l, l->state);
	put16(l, (1 << (l->state & 15)) | (c ? c->tcp_states : 0));
	if (c && l->header.kind & KIND_INITIATOR_ROUND_TRIP)
		put32(l, c->initiator_round_trip);
	if (c && l->header.kind & KIND_RESPONDER_ROUND_TRIP)
		put32(l, c->responder_round_trip);
	return 0;
}

/* The neighbour that the forward direction goes to: the next hop, or where there is none the destination after translation. */
static __always_inline struct neighbour *neighbour_of(const struct look *l, const struct connection *c)
{
	struct neighbour_key key = {.namespace = l->namespace, .index = c->egress};
	const __u32 *address = c->has_next_hop ? c->next_hop : CT_ADDRESS(l, 1, src);

	if (!c->egress)
		return NULL;
	key.address[0] = address[0];
	if (l->is_ipv6) {
		key.address[1] = address[1];
		key.address[2] = address[2];
		key.address[3] = address[3];
	}
	return bpf_map_lookup_elem(&neighbours, &key);
}

__noinline int put_path(struct look *l, const struct connection *c)
{
	struct neighbour *to;

	if (!l || !c)
		return 0;
	if (l->header.kind & KIND_INGRESS)
		put32(l, c->ingress);
	if (l->header.kind & KIND_EGRESS)
		put32(l, c->egress);
	if (l->header.kind & KIND_NEXT_HOP)
		put_address(l, c->next_hop);
	if (l->header.kind & KIND_SOURCE_MAC)
		put_bytes(l, c->mac, 6);
	to = neighbour_of(l, c);
	if (to) {
		put_bytes(l, to->mac, 6);
		l->header.kind |= KIND_DESTINATION_MAC;
	}
	if (l->header.kind & KIND_INGRESS_VLAN)
		put16(l, c->ingress_vlan);
	if (l->header.kind & KIND_EGRESS_VLAN)
		put16(l, c->egress_vlan);
	return 0;
}

static __always_inline __u8 offload_of(__u64 status)
{
	return status & IPS_HW_OFFLOAD ? 2 : status & IPS_OFFLOAD ? 1 : 0;
}

static __always_inline void put_master(struct look *l, __u64 ct)
{
	const struct master *m = bpf_map_lookup_elem(&masters, &ct);

	if (!m) {
		l->header.kind &= ~KIND_MASTER;
		return;
	}
	put8(l, m->protocol);
	put_address(l, m->source);
	put_address(l, m->destination);
	put_be16(l, m->source_port);
	put_be16(l, m->destination_port);
}

/* @c may be NULL, @ct is the kernel's pointer. */
__noinline int put_rest(struct look *l, const struct connection *c, __u64 ct)
{
	if (!l)
		return 0;
	if (l->header.kind & KIND_MARK)
		put32(l, mark_of(l));
	if (l->header.kind & KIND_ZONE)
		put16(l, zone_of(l));
	if (l->has_labels)
		put_bytes(l, l->labels, 16);
	if (full)
		put32(l, l->status);
	put8(l, offload_of(l->status));
	if (l->header.kind & KIND_MASTER)
		put_master(l, ct);
	if (c && l->header.kind & KIND_CLASS_OF_SERVICE)
		put8(l, c->class_of_service);
	if (l->helper_octets) {
		put8(l, l->helper_octets);
		put_bytes(l, l->helper, 16);
		/* The name is the last field, and shorter than its place. */
		l->octets -= 16 - l->helper_octets;
	}
	return 0;
}

/* Octets of what goes into the ring. */
static __always_inline __u32 write_record(struct look *l, const struct connection *c, __u64 ct)
{
	l->octets = 0;
	set_kind(l, c);
	put_key(l);
	put_traffic(l);
	put_tcp(l, c);
	put_path(l, c);
	put_rest(l, c, ct);
	return sizeof(l->header) + (l->octets & (RECORD_OCTETS - 1));
}

#endif
