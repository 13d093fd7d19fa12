// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel meter: what happens to a connection, from its first packet to its end, and IPFIX Data Records of it, finished here. See
 * README.md.
 */
#include "record.h"
#include <bpf/bpf_tracing.h>

#define NFCT_PTRMASK (~7ul)
#define SKB_DST_PTRMASK (~1ul)
#define RTN_LOCAL 2
#define RTN_BROADCAST 3
#define RTN_MULTICAST 5
#define RTF_GATEWAY 0x0002
#define RTF_LOCAL 0x80000000
#define ETHERNET_HEADER_OCTETS 14
#define NOT_SET 0xffff
/* enum ip_conntrack_events, an interface to user space. */
#define IPCT_PROTOINFO (1 << 5)
#define MICROSECOND 1000
#define MAXIMUM_ROUND_TRIP 0x7fffffffull

/* Known to packages/probe/src/host/ in numbers: kernel-row.ts, kernel-namespace.ts, record-ring.ts. */
_Static_assert(sizeof(struct ring_header) == 8, "record-ring.ts");
_Static_assert(sizeof(struct connection) == 168, "kernel-namespace.ts");
_Static_assert(sizeof(struct namespace) == 240, "kernel-row.ts");
_Static_assert(__builtin_offsetof(struct namespace, is_adopting) == 24, "kernel-row.ts");
_Static_assert(__builtin_offsetof(struct namespace, lost) == 32, "kernel-row.ts");
_Static_assert(__builtin_offsetof(struct namespace, counter_resets) == 72, "kernel-row.ts");
_Static_assert(__builtin_offsetof(struct namespace, timeouts.tcp_stalled) == 208, "kernel-row.ts");
_Static_assert(sizeof(struct neighbour_key) == 24 && sizeof(struct interface_key) == 8, "kernel-namespace.ts");

char LICENSE[] SEC("license") = "GPL";

/* Maps within maps: user space makes them, with these sizes and flags. Their types would not be told of, sizes are. */
struct namespace_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct namespace));
};

struct connections_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(key_size, sizeof(__u64));
	__uint(value_size, sizeof(struct connection));
};

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
};

/* By namespace: user space makes one of each when it begins to meter it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__array(values, struct namespace_map);
} namespaces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__array(values, struct connections_map);
} connections SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__array(values, struct ring);
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1 << 12);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct interface_key);
	__type(value, __u32);
} vlans SEC(".maps");

enum place { PLACE_END, PLACE_END_AGAIN, PLACE_SWEEP, PLACES };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PLACES);
	__type(key, __u32);
	__type(value, struct look);
} looks SEC(".maps");

/* Of the connection that came last. */
__u32 last_id;

static __always_inline struct look *find_look(__u32 place)
{
	return bpf_map_lookup_elem(&looks, &place);
}

/* NULL where the namespace is not metered. */
static __always_inline struct namespace *find_namespace(__u32 namespace)
{
	void *map = bpf_map_lookup_elem(&namespaces, &namespace);
	__u32 only = 0;

	return map ? bpf_map_lookup_elem(map, &only) : NULL;
}

static __always_inline void begin(struct connection *c, __u32 namespace)
{
	c->namespace = namespace;
	c->claim = (__u64)(__sync_fetch_and_add(&last_id, 1) + 1) << 32;
	c->responder_round_trip = NOT_KNOWN;
	c->initiator_round_trip = NOT_KNOWN;
}

static __always_inline void insert(struct namespace *ns, __u32 namespace, __u64 key, struct connection *c)
{
	void *map = bpf_map_lookup_elem(&connections, &namespace);

	if (map && bpf_map_update_elem(map, &key, c, BPF_ANY))
		__sync_fetch_and_add(&ns->overflows, 1);
}

/* ---- the first packet ---- */

static __always_inline void take_route4(struct connection *c, const struct sk_buff *skb, const struct dst_entry *dst)
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
		take_route4(c, skb, dst);
	take_headers(c, skb, is_ipv6);
	c->ingress_vlan = vlan_of(namespace, c->ingress);
	c->egress_vlan = vlan_of(namespace, c->egress);
}

/* A connection's first packet has come through all rules: the connection is going to be entered into the kernel's table. */
SEC("fentry/__nf_conntrack_confirm")
int BPF_PROG(confirm, struct sk_buff *skb)
{
	struct nf_conn *ct = (void *)(BPF_CORE_READ(skb, _nfct) & NFCT_PTRMASK);
	struct connection c = {};
	struct nf_conn *master;
	struct namespace *ns;
	__u32 namespace;

	if (!ct)
		return 0;
	namespace = namespace_of(ct);
	ns = find_namespace(namespace);
	if (!ns)
		return 0;
	begin(&c, namespace);
	c.began = bpf_ktime_get_ns();
	take_path(&c, skb, ct, namespace);
	if (BPF_CORE_READ(ct, tuplehash[0].tuple.dst.protonum) == PROTOCOL_TCP)
		c.tcp_states = 1 << (BPF_CORE_READ(ct, proto.tcp.state) & 15);
	master = BPF_CORE_READ(ct, master);
	if (master)
		take_master(&c, ct, master);
	insert(ns, namespace, (__u64)ct, &c);
	return 0;
}

/* ---- changes of state ---- */

static __always_inline __u32 round_trip(__u64 nanoseconds)
{
	__u64 microseconds = (nanoseconds + MICROSECOND / 2) / MICROSECOND;

	return microseconds <= MAXIMUM_ROUND_TRIP ? microseconds : NOT_KNOWN;
}

/* Called for each change that ctnetlink would tell, whether anybody listens or not. */
SEC("fentry/ctnetlink_conntrack_event")
int BPF_PROG(change, unsigned int events, struct nf_ct_event *item)
{
	struct nf_conn *ct;
	struct connection *c;
	__u32 namespace;
	__u64 key, age;
	__u8 state;
	void *map;

	if (!(events & IPCT_PROTOINFO))
		return 0;
	ct = BPF_CORE_READ(item, ct);
	if (BPF_CORE_READ(ct, tuplehash[0].tuple.dst.protonum) != PROTOCOL_TCP)
		return 0;
	namespace = namespace_of(ct);
	map = bpf_map_lookup_elem(&connections, &namespace);
	key = (__u64)ct;
	c = map ? bpf_map_lookup_elem(map, &key) : NULL;
	if (!c || !c->began)
		return 0;
	state = BPF_CORE_READ(ct, proto.tcp.state) & 15;
	age = bpf_ktime_get_ns() - c->began;
	if (state == TCP_SYN_RECV && c->tcp_states == 1 << TCP_SYN_SENT)
		c->responder_round_trip = round_trip(age);
	else if (state == TCP_ESTABLISHED && c->tcp_states == (1 << TCP_SYN_SENT | 1 << TCP_SYN_RECV) &&
		 c->responder_round_trip != NOT_KNOWN)
		c->initiator_round_trip = round_trip(age - (__u64)c->responder_round_trip * MICROSECOND);
	if (state)
		c->tcp_states |= 1 << state;
	return 0;
}

/* ---- the end ---- */

/* The first time that a connection was seen stands for its first packet where the kernel does not stamp that. */
static __always_inline void set_start(struct look *l, const struct connection *c, const struct namespace *ns)
{
	if (!l->start && c && c->began)
		l->start = c->began + ns->wall_offset;
}

static __always_inline void send_end(struct look *l, struct namespace *ns, const struct connection *c, __u64 ct)
{
	void *ring = bpf_map_lookup_elem(&rings, &l->namespace);
	__u64 claim = c ? c->claim : 0;

	l->is_interim = 0;
	set_start(l, c, ns);
	set_times(l, &ns->timeouts, 1);
	take_difference(l, c ? &c->reports[claim & 1] : NULL);
	l->id = claim ? claim >> 32 : __sync_fetch_and_add(&last_id, 1) + 1;
	if (l->was_reset == 2)
		__sync_fetch_and_add(&ns->counter_resets, 1);
	if (ring && bpf_ringbuf_output(ring, &l->header, write_record(l, c, ct), 0))
		__sync_fetch_and_add(&ns->lost, 1);
}

static __always_inline int end_of(struct nf_conn *ct, const enum place place)
{
	struct look *l = find_look(place);
	__u32 namespace = namespace_of(ct);
	struct namespace *ns = find_namespace(namespace);
	void *map = ns ? bpf_map_lookup_elem(&connections, &namespace) : NULL;
	__u64 key = (__u64)ct;
	struct connection *c;

	if (!l || !ns || !map)
		return 0;
	c = bpf_map_lookup_elem(map, &key);
	if (place == PLACE_END_AGAIN) {
		if (!c)
			return 0;
		__sync_fetch_and_add(&ns->recovered, 1);
	}
	/* From here on no sweep reports it. */
	if (c)
		__sync_fetch_and_or(&c->claim, CLAIM_ENDED);
	l->namespace = namespace;
	if (look_at(l, ct, ns))
		send_end(l, ns, c, key);
	if (!c)
		return 0;
	if (c->has_master)
		bpf_map_delete_elem(&masters, &key);
	bpf_map_delete_elem(map, &key);
	return 0;
}

SEC("fentry/nf_conntrack_free")
int BPF_PROG(end, struct nf_conn *ct)
{
	return end_of(ct, PLACE_END);
}

/*
 * A program does not run again on a CPU on which it is running: an end in an interrupt in the midst of another end is left out. This one
 * runs after it, and finds what it has left.
 */
SEC("fentry/nf_conntrack_free")
int BPF_PROG(end_again, struct nf_conn *ct)
{
	return end_of(ct, PLACE_END_AGAIN);
}

/* ---- connections that are older than the probe ---- */

static __always_inline void adopt_connection(const struct nf_conn *ct, struct namespace *ns, void *map, __u32 namespace)
{
	struct look *l = find_look(PLACE_SWEEP);
	struct connection c = {};
	__u64 key = (__u64)ct;

	if (!l || __sync_lock_test_and_set(&l->busy, 1))
		return;
	begin(&c, namespace);
	if (look_at(l, ct, ns) && !(l->status & IPS_DYING)) {
		/* A former probe has exported what was counted up to its end; what came after that is not known. */
		if (l->has_counters && l->start < ns->exported_until) {
			for (int i = 0; i < COUNTERS; i++)
				c.reports[0].exported[i] = l->total[i];
			c.reports[0].reported = l->now;
		}
		if (l->protocol == PROTOCOL_TCP)
			c.tcp_states = 1 << (l->state & 15);
		if (!bpf_map_update_elem(map, &key, &c, BPF_NOEXIST))
			__sync_fetch_and_add(&ns->adopted, 1);
	}
	l->busy = 0;
}

/* Called for each connection that a dump shows: the one that user space asks for when it begins. */
SEC("fentry/nf_ct_get_id")
int BPF_PROG(adopt, struct nf_conn *ct)
{
	__u32 namespace = namespace_of(ct);
	struct namespace *ns = find_namespace(namespace);
	__u64 key = (__u64)ct;
	void *map;

	if (!ns || !ns->is_adopting)
		return 0;
	map = bpf_map_lookup_elem(&connections, &namespace);
	if (map && !bpf_map_lookup_elem(map, &key))
		adopt_connection(ct, ns, map, namespace);
	return 0;
}

/* ---- interim reports ---- */

/* Ends need the room more than reports, which can be made later. */
static __always_inline int has_room(void *ring)
{
	return bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) < bpf_ringbuf_query(ring, BPF_RB_RING_SIZE) / 4 * 3;
}

static __always_inline int is_due(const struct look *l, const struct report *r, const struct namespace *ns)
{
	__s64 since = l->now - (r->reported ? r->reported : l->start);

	/* Whichever way: after the clock was set back, the last report lies in the future. */
	return ns->is_last_sweep || (since < 0 ? -since : since) >= ns->report_interval;
}

/*
 * Makes the report the one that holds, unless the connection has ended since, or its memory belongs to another one: then `claim` is not
 * what it was.
 */
static __always_inline int commit(struct connection *c, __u64 claim, const struct look *l)
{
	struct report *next = &c->reports[(claim + 1) & 1];

	for (int i = 0; i < COUNTERS; i++)
		next->exported[i] = l->total[i];
	next->reported = l->now;
	next->was_reset = l->was_reset != 0;
	return __sync_val_compare_and_swap(&c->claim, claim, claim + 1) == claim;
}

static __always_inline void report(struct look *l, struct namespace *ns, struct connection *c, __u64 claim, __u64 ct)
{
	struct report *last = &c->reports[claim & 1];
	void *ring = bpf_map_lookup_elem(&rings, &l->namespace);
	int news;

	set_start(l, c, ns);
	if (!ring || !is_due(l, last, ns) || !has_room(ring))
		return;
	l->is_interim = 1;
	set_times(l, &ns->timeouts, 0);
	news = take_difference(l, last);
	if (ns->is_last_sweep)
		l->reason = FORCED_END;
	else if (!l->has_counters)
		return;
	/* Also after silence: what comes next was counted since this look. */
	if (!commit(c, claim, l))
		return;
	if (l->protocol == PROTOCOL_TCP)
		c->tcp_states |= 1 << (l->state & 15);
	l->id = claim >> 32;
	if (l->was_reset == 2)
		__sync_fetch_and_add(&ns->counter_resets, 1);
	if ((news || ns->is_last_sweep) && bpf_ringbuf_output(ring, &l->header, write_record(l, c, ct), 0))
		__sync_fetch_and_add(&ns->lost, 1);
}

/* The kernel holds it no more: its end is under way, or was not seen. */
static __always_inline int is_gone(const struct connection *c, const struct nf_conn *ct)
{
	return !BPF_CORE_READ(ct, ct_general.use.refs.counter) || namespace_of(ct) != c->namespace;
}

static __always_inline void sweep_connection(struct look *l, __u32 namespace, __u64 key)
{
	struct namespace *ns = find_namespace(namespace);
	void *map = bpf_map_lookup_elem(&connections, &namespace);
	const struct nf_conn *ct = (const void *)key;
	struct connection *c;
	__u64 claim;
	int gone;

	if (!ns || !map)
		return;
	c = bpf_map_lookup_elem(map, &key);
	if (!c)
		return;
	claim = c->claim;
	if (claim & CLAIM_ENDED)
		return;
	l->namespace = namespace;
	gone = is_gone(c, ct);
	if (!gone && look_at(l, ct, ns))
		report(l, ns, c, claim, key);
	/* An end that is under way is over at the next sweep. */
	if (gone && c->was_gone) {
		__sync_fetch_and_add(&ns->unseen_ends, 1);
		bpf_map_delete_elem(map, &key);
	}
	c->was_gone = gone;
}

/* Each connection is worth one octet of what user space reads: how much it reads tells how far the sweep goes. */
SEC("iter/bpf_map_elem")
int sweep(struct bpf_iter__bpf_map_elem *ctx)
{
	struct look *l = find_look(PLACE_SWEEP);
	struct connection *c = ctx->value;
	__u64 *key = ctx->key;
	__u8 octet = 0;

	if (!key || !c || !l)
		return 0;
	bpf_seq_write(ctx->meta->seq, &octet, 1);
	/* Another thread's sweep has been interrupted on this CPU: it is met the next time. */
	if (__sync_lock_test_and_set(&l->busy, 1))
		return 0;
	sweep_connection(l, c->namespace, *key);
	l->busy = 0;
	return 0;
}
