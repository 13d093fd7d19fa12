/* SPDX-License-Identifier: GPL-2.0-only */
/* When a connection's last packet came, and why it ended. */
#ifndef WEIR_TIMES_H
#define WEIR_TIMES_H

#include "look.h"

/* flowEndReason */
#define IDLE_TIMEOUT 1
#define ACTIVE_TIMEOUT 2
#define END_DETECTED 3
#define FORCED_END 4

#define NANOSECONDS 1000000000ull

/* Timer ticks a second, 0 until it is known. */
__u32 hz;

/* The kernel counts ticks from five minutes before zero (INITIAL_JIFFIES); of the usual numbers a second, one fits the clock. */
static void find_hz(void)
{
	const __u32 usual[] = {100, 250, 300, 1000};
	__u64 ticks = bpf_jiffies64();
	__u64 seconds = bpf_ktime_get_ns() / NANOSECONDS;
	__u64 nearest = ~0ull;

	for (int i = 0; i < 4; i++) {
		__s64 off = (__s64)(ticks - ((1ull << 32) - 300 * usual[i] + seconds * usual[i]));
		__u64 distance = off < 0 ? -off : off;

		if (distance >= nearest)
			continue;
		nearest = distance;
		hz = usual[i];
	}
}

/* Seconds that a packet keeps a connection in this state, as packages/probe/src/conntrack/timeouts.ts has it. */
static __always_inline __u32 full_timeout(const struct look *l, const struct timeouts *t)
{
	switch (l->protocol) {
	case PROTOCOL_TCP:
		return t->tcp[l->state & 15];
	case PROTOCOL_SCTP:
		return t->sctp[l->state & 15];
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
		return l->status & IPS_ASSURED ? t->udp_stream : t->udp;
	case PROTOCOL_ICMP:
		return t->icmp;
	case PROTOCOL_ICMPV6:
		return t->icmpv6;
	case PROTOCOL_GRE:
		return l->status & IPS_SEEN_REPLY ? t->gre_stream : t->gre;
	default:
		return t->generic;
	}
}

/*
 * When the last packet came: each packet sets the time of expiry to the timeout of the state that it leads to (nf_ct_refresh_acct). And
 * the reason of an end. As in packages/probe/src/conntrack/times.ts, but exact to the timer tick.
 */
__noinline int set_times(struct look *l, const struct timeouts *t, int ended)
{
	int expired, is_tcp;
	__u32 full;
	__s64 idle;
	__s32 left;

	if (!l || !t)
		return 0;
	if (!hz)
		find_hz();
	left = (__s32)(CT(l, timeout) - (__u32)bpf_jiffies64());
	is_tcp = l->protocol == PROTOCOL_TCP;
	expired = ended && left <= 0;
	full = full_timeout(l, t);
	/* A TCP connection with unacknowledged data, or one that repeats itself, has a shorter timer (nf_conntrack_tcp_packet). */
	if (is_tcp && t->tcp_stalled < full) {
		__u64 age = (l->now - l->start) / NANOSECONDS;

		if (expired ? age < full : left <= (__s32)(t->tcp_stalled * hz))
			full = t->tcp_stalled;
	}
	idle = hz ? (__s64)full * hz - left : 0;
	l->end = idle > 0 ? l->now - (__u64)idle * (NANOSECONDS / (hz ? hz : 1)) : l->now;
	if (l->start && l->end < l->start)
		l->end = l->start;
	if (!ended)
		l->reason = ACTIVE_TIMEOUT;
	else if (expired)
		l->reason = is_tcp && l->state >= TCP_LAST_ACK && l->state <= TCP_CLOSE ? END_DETECTED : IDLE_TIMEOUT;
	else
		l->reason = is_tcp && l->state >= TCP_FIN_WAIT && l->state <= TCP_CLOSE ? END_DETECTED : FORCED_END;
	return 0;
}

#endif
