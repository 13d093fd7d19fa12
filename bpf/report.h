/* SPDX-License-Identifier: GPL-2.0-only */
/* Interim reports: when a connection is due, and how one takes hold of it while it may end at any moment. */
#ifndef WEIR_REPORT_H
#define WEIR_REPORT_H

#include "maps.h"
#include "record.h"

/* The first time that a connection was seen stands for its first packet where the kernel does not stamp that. */
static __always_inline void set_start(struct look *l, const struct connection *c, const struct namespace *ns)
{
	if (!l->start && c && c->began)
		l->start = c->began + ns->wall_offset;
}

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

#endif
