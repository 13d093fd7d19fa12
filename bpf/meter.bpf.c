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
#define EEXIST 17
#define MICROSECOND 1000
#define MAXIMUM_ROUND_TRIP 0x7fffffffull

/* Known to packages/probe/src/host/ in numbers: kernel-row.ts, kernel-namespace.ts, record-ring.ts. */
_Static_assert(sizeof(struct ring_header) == 8 && RECORD_OCTETS == 512, "record-ring.ts");
_Static_assert(sizeof(struct connection) == 184, "kernel-namespace.ts");
_Static_assert(sizeof(struct namespace) == 264, "kernel-row.ts");
_Static_assert(__builtin_offsetof(struct namespace, is_adopting) == 24, "kernel-row.ts");
_Static_assert(__builtin_offsetof(struct namespace, lost) == 56, "kernel-row.ts");
_Static_assert(__builtin_offsetof(struct namespace, counter_resets) == 96, "kernel-row.ts");
_Static_assert(__builtin_offsetof(struct namespace, timeouts.tcp_stalled) == 232, "kernel-row.ts");
_Static_assert(sizeof(struct neighbour_key) == 24 && sizeof(struct interface_key) == 8, "kernel-namespace.ts");

char LICENSE[] SEC("license") = "GPL";

static __always_inline void begin(struct connection *c, const struct namespace *ns, __u64 key)
{
	c->claim = (__u64)(__sync_fetch_and_add(&last_id, 1) + 1) << CLAIM_ID_SHIFT;
	c->ct = key;
	c->slot = ns->slot;
	know_nothing(&c->extra);
}

static __always_inline void insert(struct namespace *ns, __u64 key, struct connection *c)
{
	void *map = connections_of(ns);
	struct connection *former;
	long error;

	if (!map)
		return;
	error = bpf_map_update_elem(map, &key, c, BPF_NOEXIST);
	if (error == -EEXIST) {
		former = bpf_map_lookup_elem(map, &key);
		if (former && !(former->claim & CLAIM_ENDED))
			__sync_fetch_and_add(&ns->unseen_ends, 1);
		error = bpf_map_update_elem(map, &key, c, BPF_ANY);
	}
	if (!error)
		return;
	__sync_fetch_and_add(&ns->overflows, 1);
	if (c->extra.has_master)
		bpf_map_delete_elem(&masters, &key);
}

/* ---- the first packet ---- */

/* A connection's first packet has come through all rules: the connection is going to be entered into the kernel's table. */
SEC("fentry/__nf_conntrack_confirm")
int BPF_PROG(confirm, struct sk_buff *skb)
{
	struct nf_conn *ct = (void *)(skb->_nfct & NFCT_PTRMASK);
	struct look *l = find_look(PLACE_CONFIRM);
	struct connection c = {};
	struct nf_conn *master;
	struct namespace *ns;
	struct net *net;

	if (!ct || !l)
		return 0;
	net = BPF_CORE_READ(ct, ct_net.net);
	ns = find_namespace(BPF_CORE_READ(net, ns.inum));
	if (!ns)
		return 0;
	ns->net = (__u64)net;
	begin(&c, ns, (__u64)ct);
	c.extra.began = bpf_ktime_get_ns();
	take_path(&c.extra.path, l, skb, ns);
	master = BPF_CORE_READ(ct, master);
	if (master)
		take_master(&c.extra, ct, master);
	insert(ns, (__u64)ct, &c);
	return 0;
}

/* ---- changes of state ---- */

static __always_inline __u32 round_trip(__u64 nanoseconds)
{
	__u64 microseconds = (nanoseconds + MICROSECOND / 2) / MICROSECOND;

	return microseconds <= MAXIMUM_ROUND_TRIP ? microseconds : NOT_KNOWN;
}

static __always_inline void take_state(struct extra *e, __u8 state)
{
	__u64 age = bpf_ktime_get_ns() - e->began;

	if (state == TCP_SYN_RECV && e->tcp_states == 1 << TCP_SYN_SENT)
		e->responder_round_trip = round_trip(age);
	else if (state == TCP_ESTABLISHED && e->tcp_states == (1 << TCP_SYN_SENT | 1 << TCP_SYN_RECV) &&
		 e->responder_round_trip != NOT_KNOWN)
		e->initiator_round_trip = round_trip(age - (__u64)e->responder_round_trip * MICROSECOND);
	if (state)
		e->tcp_states |= 1 << state;
}

/* Called for each change that ctnetlink would tell, whether anybody listens or not; for the first packet, after "confirm". */
SEC("fentry/ctnetlink_conntrack_event")
int BPF_PROG(change, unsigned int events, struct nf_ct_event *item)
{
	struct nf_conn *ct = item->ct;
	struct namespace *ns;
	struct connection *c;
	__u64 key = (__u64)ct;
	void *map;

	if (!(events & IPCT_PROTOINFO) || ct->tuplehash[0].tuple.dst.protonum != PROTOCOL_TCP)
		return 0;
	ns = find_namespace(ct->ct_net.net->ns.inum);
	map = ns ? connections_of(ns) : NULL;
	c = map ? bpf_map_lookup_elem(map, &key) : NULL;
	if (c && c->extra.began)
		take_state(&c->extra, ct->proto.tcp.state & 15);
	return 0;
}

/* ---- the end ---- */

static __always_inline void send_end(struct look *l, struct namespace *ns, __u64 claim, __u64 ct)
{
	void *ring = ring_of(ns);

	l->is_interim = 0;
	find_start(l, ns);
	set_times(l, &ns->timeouts, 1);
	take_difference(l);
	l->id = claim ? claim >> CLAIM_ID_SHIFT : __sync_fetch_and_add(&last_id, 1) + 1;
	if (l->was_reset == 2)
		__sync_fetch_and_add(&ns->counter_resets, 1);
	if (ring && bpf_ringbuf_output(ring, &l->header, write_record(l, ct), 0))
		__sync_fetch_and_add(&ns->lost, 1);
}

static __always_inline int end_of(struct nf_conn *ct, const enum place place)
{
	struct namespace *ns = find_namespace(ct->ct_net.net->ns.inum);
	void *map = ns ? connections_of(ns) : NULL;
	struct look *l = find_look(place);
	__u64 key = (__u64)ct;
	struct connection *c;
	__u64 claim = 0;

	if (!l || !map)
		return 0;
	c = bpf_map_lookup_elem(map, &key);
	if (!c && place == PLACE_END_AGAIN)
		return 0;
	/* From here on no sweep reports it. */
	if (c)
		claim = __sync_fetch_and_or(&c->claim, CLAIM_ENDED);
	take_known(l, c, claim);
	/* What has ended already could not be forgotten: others held the map. */
	if (!(claim & CLAIM_ENDED) && look_at(l, ct, ns)) {
		if (place == PLACE_END_AGAIN)
			__sync_fetch_and_add(&ns->recovered, 1);
		send_end(l, ns, claim, key);
	}
	if (c)
		forget(map, key, l->extra.has_master);
	return 0;
}

SEC("fentry/nf_conntrack_free")
int BPF_PROG(end, struct nf_conn *ct)
{
	__u32 only = 0;
	__u64 *last = bpf_map_lookup_elem(&last_end, &only);

	if (last)
		*last = (__u64)ct;
	return end_of(ct, PLACE_END);
}

/*
 * A program does not run again on a CPU on which it is running: an end in an interrupt in the midst of another end is left out. This one
 * runs after it, and finds what it has left. Nearly always the connection that came last tells at once that nothing is left.
 */
SEC("fentry/nf_conntrack_free")
int BPF_PROG(end_again, struct nf_conn *ct)
{
	__u32 only = 0;
	__u64 *last = bpf_map_lookup_elem(&last_end, &only);

	if (!last || *last != (__u64)ct)
		return end_of(ct, PLACE_END_AGAIN);
	*last = 0;
	return 0;
}

/* ---- connections that are older than the probe ---- */

/* A former probe has exported what was counted up to its end; what came after that is not known. */
static __always_inline void take_former(struct connection *c, const struct look *l)
{
	for (int i = 0; i < COUNTERS; i++)
		c->reports[0].exported[i] = l->total[i];
	c->reports[0].reported = l->now;
	/* Two reports: the first of the two places holds. */
	c->claim += 2;
}

static __always_inline void adopt_connection(const struct nf_conn *ct, struct namespace *ns, void *map)
{
	struct look *l = find_look(PLACE_SWEEP);
	struct connection c = {};
	__u64 key = (__u64)ct;
	long error;

	if (!l || __sync_lock_test_and_set(&l->busy, 1))
		return;
	begin(&c, ns, key);
	if (look_at(l, ct, ns) && !(l->status & IPS_DYING)) {
		ns->net = (__u64)CT(l, ct_net.net);
		look_at_start(l);
		if (l->has_counters && l->start < ns->exported_until)
			take_former(&c, l);
		if (l->protocol == PROTOCOL_TCP)
			c.extra.tcp_states = 1 << (l->state & 15);
		error = bpf_map_update_elem(map, &key, &c, BPF_NOEXIST);
		if (!error)
			__sync_fetch_and_add(&ns->adopted, 1);
		else if (error != -EEXIST)
			__sync_fetch_and_add(&ns->overflows, 1);
	}
	l->busy = 0;
}

/* Called for each connection that a dump shows: the one that user space asks for when it begins. */
SEC("fentry/nf_ct_get_id")
int BPF_PROG(adopt, struct nf_conn *ct)
{
	struct namespace *ns = find_namespace(ct->ct_net.net->ns.inum);
	__u64 key = (__u64)ct;
	void *map;

	if (!ns || !ns->is_adopting)
		return 0;
	map = connections_of(ns);
	if (map && !bpf_map_lookup_elem(map, &key))
		adopt_connection(ct, ns, map);
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
	sweep_connection(l, c->slot, *key);
	l->busy = 0;
	return 0;
}
