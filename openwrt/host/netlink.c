/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Netlink sockets: the octets of their datagrams, and options. */
#include "host.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif
/* Since Linux 4.12; the same number on all targets but some that Weir is not built for. */
#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif
#define SK_MEMINFO_DROPS 8
#define SK_MEMINFO_VARS 9

/* Datagrams that one call takes at most. */
#define DATAGRAMS 64

/* netlinkOpen(protocol): a bound socket that does not block */
JSValue call_netlink_open(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, int_of(context, values[0]));

	if (descriptor >= 0 && bind(descriptor, (struct sockaddr *)&address, sizeof(address)) < 0) {
		JSValue failure = result_of(context, -1);

		close(descriptor);
		return failure;
	}
	return result_of(context, descriptor);
}

/* netlinkOption(descriptor, option, value): options of SOL_NETLINK, whose numbers are the same everywhere */
JSValue call_netlink_option(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	int value = int_of(context, values[2]);

	return result_of(context, setsockopt(int_of(context, values[0]), SOL_NETLINK, int_of(context, values[1]), &value, sizeof(value)));
}

/* netlinkFilter(descriptor, instructions): an array of struct sock_filter */
JSValue call_netlink_filter(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	size_t octets;
	uint8_t *instructions = octets_of(context, values[1], &octets);

	if (instructions == NULL)
		return JS_EXCEPTION;
	struct sock_fprog program = { .len = octets / sizeof(struct sock_filter), .filter = (struct sock_filter *)instructions };

	return result_of(context, setsockopt(int_of(context, values[0]), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)));
}

/* receiveBuffer(descriptor, octets): beyond rmem_max where privilege allows */
JSValue call_receive_buffer(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	int descriptor = int_of(context, values[0]), octets = int_of(context, values[1]);
	int result = setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets));

	if (result < 0)
		result = setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
	return result_of(context, result);
}

/* receiveMany(descriptor, memory, slotOctets, lengths): datagram i to memory + i * slotOctets, its length to lengths[i] */
JSValue call_receive_many(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	static struct mmsghdr headers[DATAGRAMS];
	static struct iovec places[DATAGRAMS];
	size_t octets, length_octets;
	uint8_t *memory = octets_of(context, values[1], &octets);
	uint32_t *lengths = (uint32_t *)octets_of(context, values[3], &length_octets);
	size_t slot = int_of(context, values[2]);

	if (memory == NULL || lengths == NULL)
		return JS_EXCEPTION;
	if (slot == 0)
		return JS_NewInt32(context, -EINVAL);
	unsigned room = octets / slot;

	if (room > length_octets / sizeof(*lengths))
		room = length_octets / sizeof(*lengths);
	if (room > DATAGRAMS)
		room = DATAGRAMS;
	for (unsigned i = 0; i < room; i++) {
		places[i] = (struct iovec){ .iov_base = memory + i * slot, .iov_len = slot };
		headers[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &places[i], .msg_iovlen = 1 } };
	}
	int received = recvmmsg(int_of(context, values[0]), headers, room, 0, NULL);

	for (int i = 0; i < received; i++)
		lengths[i] = headers[i].msg_len;
	return result_of(context, received);
}

/* drops(descriptor): deliveries that failed, 32 bits */
JSValue call_drops(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	uint32_t memory[SK_MEMINFO_VARS] = { 0 };
	socklen_t octets = sizeof(memory);

	if (getsockopt(int_of(context, values[0]), SOL_SOCKET, SO_MEMINFO, memory, &octets) < 0)
		return result_of(context, -1);
	return JS_NewUint32(context, memory[SK_MEMINFO_DROPS]);
}
