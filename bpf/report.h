/* SPDX-License-Identifier: GPL-2.0-only */
/* Interim reports: when a connection is due, and how one takes hold of it while it may end at any moment. */
#ifndef WEIR_REPORT_H
#define WEIR_REPORT_H

#include "maps.h"
#include "record.h"
#include "times.h"

static __always_inline void know_nothing(struct extra *e)
{
	__builtin_memset(e, 0, sizeof(*e));
	e->responder_round_trip = NOT_KNOWN;
	e->initiator_round_trip = NOT_KNOWN;
}

/* Copies what is known of the connection, which may be NULL, as of `claim`. */
static __always_inline void take_known(struct look *l, const struct connection *c, __u64 claim)
{
	if (c && claim & CLAIM_REPORTS)
		l->last = c->reports[claim & 1];
	else
		__builtin_memset(&l->last, 0, sizeof(l->last));
	if (c)
		l->extra = c->extra;
	else
		know_nothing(&l->extra);
}

/* The first time that a connection was seen stands for its first packet where the kernel does not stamp that. */
static __always_inline void find_start(struct look *l, const struct namespace *ns)
{
	look_at_start(l);
	if (!l->start && l->extra.began)
		l->start = l->extra.began + ns->wall_offset;
}

/* Ends need the room more than reports, which can be made later. */
static __always_inline int has_room(void *ring)
{
	return bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) < bpf_ringbuf_query(ring, BPF_RB_RING_SIZE) / 4 * 3;
}

static __always_inline int is_due(const struct look *l, const struct namespace *ns)
{
	__s64 since = l->now - (l->last.reported ? l->last.reported : l->start);

	/* Whichever way: after the clock was set back, the last report lies in the future. */
	return ns->is_last_sweep || (since < 0 ? -since : since) >= ns->report_interval;
}

/* Whether the counters are not those of the last report. */
static __always_inline int has_changed(const struct look *l)
{
	for (int i = 0; i < COUNTERS; i++)
		if (l->total[i] != l->last.exported[i])
			return 1;
	return 0;
}

/* What has been counted since the last report. Returns 0 where that is nothing, as when the counters were set to zero since. */
static __always_inline int take_difference(struct look *l)
{
	const struct report *last = &l->last;
	__u64 news = 0;

	l->was_reset = last->was_reset;
	for (int i = 0; i < COUNTERS; i++)
		if (l->total[i] < last->exported[i])
			l->was_reset = 2;
	for (int i = 0; i < COUNTERS; i++) {
		l->delta[i] = l->total[i] - (l->was_reset != 2 ? last->exported[i] : 0);
		news |= l->delta[i];
	}
	l->interval = last->reported;
	l->extra.tcp_states |= last->tcp_states;
	/* What was counted since the last report came after it, whatever the estimate of the last packet says. */
	if (news && l->interval <= l->now && l->end < l->interval)
		l->end = l->interval;
	if (l->start > l->end)
		l->start = l->end;
	if (l->interval > l->end)
		l->interval = l->end;
	return news != 0;
}

/*
 * Makes the report the one that holds, unless the connection has ended since, or its memory belongs to another one: then `claim` is not
 * what it was, and what is written here is not looked at, because another one has no report that holds until a sweep of this thread.
 */
static __always_inline int commit(struct connection *c, __u64 claim, const struct look *l)
{
	struct report *next = &c->reports[(claim + 1) & 1];

	for (int i = 0; i < COUNTERS; i++)
		next->exported[i] = l->total[i];
	next->reported = l->now;
	next->was_reset = l->was_reset != 0;
	next->tcp_states = l->last.tcp_states | l->extra.tcp_states | 1 << (l->state & 15);
	return __sync_val_compare_and_swap(&c->claim, claim, claim + 1) == claim;
}

static __always_inline void report(struct look *l, struct namespace *ns, struct connection *c, __u64 claim, __u64 ct)
{
	void *ring = ring_of(ns);
	int changed, news = 0;

	look_at_counters(l);
	changed = has_changed(l) || ns->is_last_sweep;
	if (changed || !l->last.reported)
		find_start(l, ns);
	if (!ring || !is_due(l, ns) || !(l->has_counters || ns->is_last_sweep))
		return;
	if (!has_room(ring)) {
		/* There is no next time. */
		if (ns->is_last_sweep)
			__sync_fetch_and_add(&ns->lost, 1);
		return;
	}
	look_at_rest(l);
	l->is_interim = 1;
	l->was_reset = l->last.was_reset;
	if (changed) {
		set_times(l, &ns->timeouts, 0);
		news = take_difference(l);
	}
	if (ns->is_last_sweep)
		l->reason = FORCED_END;
	/* Also after silence: what comes next was counted since this look. */
	if (!commit(c, claim, l))
		return;
	l->id = claim >> CLAIM_ID_SHIFT;
	if (l->was_reset == 2)
		__sync_fetch_and_add(&ns->counter_resets, 1);
	if ((news || ns->is_last_sweep) && bpf_ringbuf_output(ring, &l->header, write_record(l, ct), 0))
		__sync_fetch_and_add(&ns->lost, 1);
}

/* The kernel holds it no more: its end is under way, or was not seen. */
static __always_inline int is_gone(const struct look *l, const struct namespace *ns)
{
	return !CT(l, ct_general.use.refs.counter) || (__u64)CT(l, ct_net.net) != ns->net;
}

static __always_inline void forget(void *map, __u64 key, int has_master)
{
	if (has_master)
		bpf_map_delete_elem(&masters, &key);
	bpf_map_delete_elem(map, &key);
}

static __always_inline void sweep_connection(struct look *l, __u32 slot, __u64 key)
{
	struct namespace *ns = namespace_at(slot);
	void *map = ns ? connections_of(ns) : NULL;
	struct connection *c = map ? bpf_map_lookup_elem(map, &key) : NULL;
	__u64 claim;
	__u32 id;

	if (!c || !copy_connection(l, (const void *)key, ns))
		return;
	/* An atomic operation, so that what is read next is read after it. */
	claim = __sync_fetch_and_add(&c->claim, 0);
	if (c->ct != key)
		return;
	take_known(l, c, claim);
	if (!(claim & CLAIM_ENDED) && !is_gone(l, ns)) {
		if (l->status & IPS_CONFIRMED)
			report(l, ns, c, claim, key);
		return;
	}
	/* An end that is under way is over at the next sweep. */
	id = claim >> CLAIM_ID_SHIFT;
	if (c->gone != id) {
		c->gone = id;
		return;
	}
	if (!(claim & CLAIM_ENDED))
		__sync_fetch_and_add(&ns->unseen_ends, 1);
	forget(map, key, l->extra.has_master);
}

#endif
