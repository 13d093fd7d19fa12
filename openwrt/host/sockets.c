/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP and TCP sockets towards collectors. */
#include "host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Datagrams that one call sends at most. */
#define DATAGRAMS 64
/* A network card that takes nothing for this long is not coming back within one burst. */
#define SEND_MICROSECONDS 200000

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* The octets of the address, 0 where the text is none. */
static socklen_t read_address(union address *address, const char *text, int port)
{
	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
		address->v4.sin_family = AF_INET;
		address->v4.sin_port = htons(port);
		return sizeof(address->v4);
	}
	if (inet_pton(AF_INET6, text, &address->v6.sin6_addr) == 1) {
		address->v6.sin6_family = AF_INET6;
		address->v6.sin6_port = htons(port);
		return sizeof(address->v6);
	}
	return 0;
}

static JSValue with_address(JSContext *context, JSValueConst *values, int (*act)(int, const struct sockaddr *, socklen_t))
{
	union address address;
	const char *text = JS_ToCString(context, values[1]);

	if (text == NULL)
		return JS_EXCEPTION;
	socklen_t octets = read_address(&address, text, int_of(context, values[2]));

	JS_FreeCString(context, text);
	if (octets == 0)
		return JS_NewInt32(context, -EINVAL);
	return result_of(context, act(int_of(context, values[0]), &address.any, octets));
}

/* socketOpen(family, stream): family 4 or 6; a stream does not block, a datagram socket does for a moment */
JSValue call_socket_open(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	int family = int_of(context, values[0]) == 6 ? AF_INET6 : AF_INET, yes = 1;

	if (JS_ToBool(context, values[1])) {
		int stream = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		if (stream >= 0) {
			setsockopt(stream, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
			setsockopt(stream, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));
		}
		return result_of(context, stream);
	}
	struct timeval patience = { .tv_usec = SEND_MICROSECONDS };
	int datagrams = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (datagrams >= 0)
		setsockopt(datagrams, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	return result_of(context, datagrams);
}

/* bind(descriptor, address, port) */
JSValue call_bind(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return with_address(context, values, bind);
}

/* connect(descriptor, address, port) */
JSValue call_connect(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return with_address(context, values, connect);
}

/* socketError(descriptor): the error that waits, negative, or 0 */
JSValue call_socket_error(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	int error = 0;
	socklen_t octets = sizeof(error);

	if (getsockopt(int_of(context, values[0]), SOL_SOCKET, SO_ERROR, &error, &octets) < 0)
		return result_of(context, -1);
	return JS_NewInt32(context, -error);
}

static int is_v6(int descriptor)
{
	union address address = { 0 };
	socklen_t octets = sizeof(address);

	return getsockname(descriptor, &address.any, &octets) == 0 && address.any.sa_family == AF_INET6;
}

/* fragments(descriptor, allowed) */
JSValue call_fragments(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	int descriptor = int_of(context, values[0]), allowed = JS_ToBool(context, values[1]);
	int v4 = allowed ? IP_PMTUDISC_DONT : IP_PMTUDISC_DO, v6 = allowed ? IPV6_PMTUDISC_DONT : IPV6_PMTUDISC_DO;

	if (is_v6(descriptor))
		return result_of(context, setsockopt(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &v6, sizeof(v6)));
	return result_of(context, setsockopt(descriptor, IPPROTO_IP, IP_MTU_DISCOVER, &v4, sizeof(v4)));
}

/* pathMtu(descriptor): octets of an IP packet, of a connected socket */
JSValue call_path_mtu(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	int descriptor = int_of(context, values[0]), octets = 0, v6 = is_v6(descriptor);
	socklen_t size = sizeof(octets);
	int result = v6 ? getsockopt(descriptor, IPPROTO_IPV6, IPV6_MTU, &octets, &size)
			: getsockopt(descriptor, IPPROTO_IP, IP_MTU, &octets, &size);

	return result_of(context, result < 0 ? result : octets);
}

/* send(descriptor, memory, from): octets taken */
JSValue call_send(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	size_t octets, from = int_of(context, values[2]);
	uint8_t *memory = octets_of(context, values[1], &octets);

	if (memory == NULL)
		return JS_EXCEPTION;
	if (from > octets)
		return JS_NewInt32(context, -EINVAL);
	return result_of(context, send(int_of(context, values[0]), memory + from, octets - from, MSG_NOSIGNAL));
}

/* sendMany(descriptor, memory, slotOctets, lengths, first, count): datagrams taken, of lengths[first] at memory + first * slotOctets and on */
JSValue call_send_many(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	static struct mmsghdr headers[DATAGRAMS];
	static struct iovec places[DATAGRAMS];
	size_t octets, length_octets, slot = int_of(context, values[2]), first = int_of(context, values[4]);
	size_t wanted = int_of(context, values[5]);
	uint8_t *memory = octets_of(context, values[1], &octets);
	uint32_t *lengths = (uint32_t *)octets_of(context, values[3], &length_octets);
	unsigned taken = 0;

	if (memory == NULL || lengths == NULL)
		return JS_EXCEPTION;
	for (size_t i = first; i < first + wanted && taken < DATAGRAMS; i++, taken++) {
		if (i >= length_octets / sizeof(*lengths) || i * slot + lengths[i] > octets)
			return JS_NewInt32(context, -EINVAL);
		places[taken] = (struct iovec){ .iov_base = memory + i * slot, .iov_len = lengths[i] };
		headers[taken] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &places[taken], .msg_iovlen = 1 } };
	}
	return result_of(context, sendmmsg(int_of(context, values[0]), headers, taken, MSG_NOSIGNAL));
}

/* receive(descriptor, memory): octets received, 0 at the end */
JSValue call_receive(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	size_t octets;
	uint8_t *memory = octets_of(context, values[1], &octets);

	if (memory == NULL)
		return JS_EXCEPTION;
	return result_of(context, recv(int_of(context, values[0]), memory, octets, MSG_DONTWAIT));
}

/* tcpInfo(descriptor, memory): octets of struct tcp_info that the kernel has */
JSValue call_tcp_info(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	size_t octets;
	uint8_t *memory = octets_of(context, values[1], &octets);

	if (memory == NULL)
		return JS_EXCEPTION;
	socklen_t size = octets;
	int result = getsockopt(int_of(context, values[0]), IPPROTO_TCP, TCP_INFO, memory, &size);

	return result_of(context, result < 0 ? result : (long)size);
}
