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

/*
 * Room for the next octets of the record, which are then written at fixed places. A record is shorter than its memory, and the mask never
 * acts: it is what the verifier understands.
 */
static __always_inline __u8 *take_room(struct look *l, const __u32 octets)
{
	__u32 at = l->octets & (RECORD_OCTETS - 1);

	_Static_assert(LARGEST_PART_OCTETS == 32, "checked where this is called");
	l->octets = at + octets;
	return &l->data[at];
}

/* Not aligned; the kernels that have fentry programs can do that, and memcpy would be octet by octet. */
#define PUT(room, type, value) (*(type *)(room) = (value))

static __always_inline void put8(struct look *l, __u8 value)
{
	PUT(take_room(l, 1), __u8, value);
}

/* In network order already. */
static __always_inline void put_be16(struct look *l, __be16 value)
{
	PUT(take_room(l, 2), __be16, value);
}

static __always_inline void put16(struct look *l, __u16 value)
{
	put_be16(l, bpf_htons(value));
}

static __always_inline void put32(struct look *l, __u32 value)
{
	PUT(take_room(l, 4), __be32, bpf_htonl(value));
}

static __always_inline void put64(struct look *l, __u64 value)
{
	PUT(take_room(l, 8), __be64, bpf_cpu_to_be64(value));
}

static __always_inline void put_milliseconds(struct look *l, __u64 nanoseconds)
{
	put64(l, nanoseconds / 1000000);
}

static __always_inline void put_16_octets(struct look *l, const void *octets)
{
	const __u32 *words = octets;
	__u8 *room = take_room(l, 16);

	for (int i = 0; i < 4; i++)
		PUT(room + 4 * i, __u32, words[i]);
}

static __always_inline void put_mac(struct look *l, const __u8 *mac)
{
	const __be16 *words = (const void *)mac;
	__u8 *room = take_room(l, 6);

	for (int i = 0; i < 3; i++)
		PUT(room + 2 * i, __be16, words[i]);
}

static __always_inline void put_address(struct look *l, const __u32 *address)
{
	if (l->is_ipv6)
		put_16_octets(l, address);
	else
		PUT(take_room(l, 4), __be32, address[0]);
}

static __always_inline void put_counters(struct look *l, const __u64 *counters)
{
	__u8 *room = take_room(l, 32);

	for (int i = 0; i < COUNTERS; i++)
		PUT(room + 8 * i, __be64, bpf_cpu_to_be64(counters[i]));
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
		put_counters(l, l->delta);
	if (full && l->header.kind & KIND_TOTALS)
		put_counters(l, l->total);
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

__noinline int put_tcp(struct look *l)
{
	if (!l || !(l->header.kind & KIND_TCP_STATE))
		return 0;
	put8(l, l->state);
	put16(l, (1 << (l->state & 15)) | l->extra.tcp_states);
	if (l->header.kind & KIND_INITIATOR_ROUND_TRIP)
		put32(l, l->extra.initiator_round_trip);
	if (l->header.kind & KIND_RESPONDER_ROUND_TRIP)
		put32(l, l->extra.responder_round_trip);
	return 0;
}

/* The neighbour that the forward direction goes to: the next hop, or where there is none the destination after translation. */
static __always_inline struct neighbour *neighbour_of(const struct look *l)
{
	const struct path *p = &l->extra.path;
	struct neighbour_key key = {.namespace = l->namespace, .index = p->egress};
	const __u32 *address = p->has_next_hop ? p->next_hop : CT_ADDRESS(l, 1, src);

	if (!p->egress)
		return NULL;
	key.address[0] = address[0];
	if (l->is_ipv6) {
		key.address[1] = address[1];
		key.address[2] = address[2];
		key.address[3] = address[3];
	}
	return bpf_map_lookup_elem(&neighbours, &key);
}

__noinline int put_path(struct look *l)
{
	const struct path *p;
	struct neighbour *to;

	if (!l)
		return 0;
	p = &l->extra.path;
	if (l->header.kind & KIND_INGRESS)
		put32(l, p->ingress);
	if (l->header.kind & KIND_EGRESS)
		put32(l, p->egress);
	if (l->header.kind & KIND_NEXT_HOP)
		put_address(l, p->next_hop);
	if (l->header.kind & KIND_SOURCE_MAC)
		put_mac(l, p->mac);
	to = neighbour_of(l);
	if (to) {
		put_mac(l, to->mac);
		l->header.kind |= KIND_DESTINATION_MAC;
	}
	if (l->header.kind & KIND_INGRESS_VLAN)
		put16(l, p->ingress_vlan);
	if (l->header.kind & KIND_EGRESS_VLAN)
		put16(l, p->egress_vlan);
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

/* @ct is the kernel's pointer. */
__noinline int put_rest(struct look *l, __u64 ct)
{
	if (!l)
		return 0;
	if (l->header.kind & KIND_MARK)
		put32(l, mark_of(l));
	if (l->header.kind & KIND_ZONE)
		put16(l, zone_of(l));
	if (l->has_labels)
		put_16_octets(l, l->labels);
	if (full)
		put32(l, l->status);
	put8(l, offload_of(l->status));
	if (l->header.kind & KIND_MASTER)
		put_master(l, ct);
	if (l->header.kind & KIND_CLASS_OF_SERVICE)
		put8(l, l->extra.path.class_of_service);
	if (l->helper_octets) {
		put8(l, l->helper_octets);
		put_16_octets(l, l->helper);
		/* The name is the last field, and shorter than its place. */
		l->octets -= 16 - l->helper_octets;
	}
	return 0;
}

/* Octets of what goes into the ring. */
static __always_inline __u32 write_record(struct look *l, __u64 ct)
{
	l->octets = 0;
	set_kind(l);
	put_key(l);
	put_traffic(l);
	put_tcp(l);
	put_path(l);
	put_rest(l, ct);
	return sizeof(l->header) + (l->octets & (RECORD_OCTETS - 1));
}

#endif
