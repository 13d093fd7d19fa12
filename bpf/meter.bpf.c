// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel meter: what happens to a connection, from its first packet to its end, and IPFIX Data Records of it, finished here. See
 * README.md.
 */
#include "path.h"
#include "report.h"
#include <bpf/bpf_tracing.h>

#define NFCT_PTRMASK (~7ul)
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
