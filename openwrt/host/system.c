/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks, waiting, signals, names, and the log. */
#include "host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTORS 16

/* Bits of takeSignals. */
#define STOP 1
#define RELOAD 2

static volatile sig_atomic_t signals;

static void note(int signal)
{
	signals |= signal == SIGHUP ? RELOAD : STOP;
}

void catch_signals(void)
{
	/* Without SA_RESTART: a wait ends. */
	struct sigaction action = { .sa_handler = note };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
}

/* takeSignals(): those that came since it was called last */
JSValue call_take_signals(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	int taken = signals;

	signals &= ~taken;
	return JS_NewInt32(context, taken);
}

static JSValue milliseconds(JSContext *context, clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return JS_NewFloat64(context, now.tv_sec * 1e3 + now.tv_nsec / 1e6);
}

/* wall(): milliseconds since the Unix epoch, whole ones as with Date */
JSValue call_wall(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return JS_NewInt64(context, now.tv_sec * 1000LL + now.tv_nsec / 1000000);
}

/* monotonic(): milliseconds */
JSValue call_monotonic(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return milliseconds(context, CLOCK_MONOTONIC);
}

/* sleep(milliseconds): or until a signal */
JSValue call_sleep(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	return result_of(context, poll(NULL, 0, int_of(context, values[0])));
}

/* poll(descriptors, milliseconds): how many of them are readable */
JSValue call_poll(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	struct pollfd waiting[DESCRIPTORS];
	size_t octets;
	int32_t *descriptors = (int32_t *)octets_of(context, values[0], &octets);
	size_t number = octets / sizeof(*descriptors);

	if (descriptors == NULL)
		return JS_EXCEPTION;
	if (number > DESCRIPTORS)
		return JS_NewInt32(context, -EINVAL);
	for (size_t i = 0; i < number; i++)
		waiting[i] = (struct pollfd){ .fd = descriptors[i], .events = POLLIN };
	return result_of(context, poll(waiting, number, int_of(context, values[1])));
}

/* The addresses of a name, one a line, to the descriptor. */
static void look_up(const char *name, int out)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_ADDRCONFIG }, *found = NULL;
	char text[INET6_ADDRSTRLEN];

	if (getaddrinfo(name, NULL, &hints, &found) != 0)
		return;
	for (struct addrinfo *each = found; each != NULL; each = each->ai_next)
		if (getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST) == 0)
			dprintf(out, "%s\n", text);
}

/* resolve(name): a descriptor on which the name's addresses come, one a line, and then the end. A child waits for the answer. */
JSValue call_resolve(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	int ends[2];
	const char *name = JS_ToCString(context, values[0]);

	if (name == NULL)
		return JS_EXCEPTION;
	/* Not pipes: they could not be read by recv without blocking. */
	int child = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0 ? -1 : fork();

	if (child == 0) {
		look_up(name, ends[1]);
		_exit(0);
	}
	JS_FreeCString(context, name);
	if (child < 0)
		return result_of(context, -1);
	close(ends[1]);
	return JS_NewInt32(context, ends[0]);
}

/* log(priority, text): syslog's priority; to the system's log, and to standard error where that is a terminal or asked for */
JSValue call_log(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	static int opened;
	const char *text = JS_ToCString(context, values[1]);

	if (text == NULL)
		return JS_EXCEPTION;
	if (!opened)
		openlog("weir-probe", LOG_PID, LOG_DAEMON);
	opened = 1;
	int priority = int_of(context, values[0]);

	if (priority < 0)
		fprintf(stderr, "%s\n", text);
	else
		syslog(priority, "%s", text);
	JS_FreeCString(context, text);
	return JS_UNDEFINED;
}

#define ERROR(name) { name, #name }
static const struct {
	int number;
	const char *name;
} errors[] = {
	ERROR(EACCES), ERROR(EADDRINUSE), ERROR(EADDRNOTAVAIL), ERROR(EAFNOSUPPORT), ERROR(EAGAIN), ERROR(EALREADY), ERROR(EBADF),
	ERROR(EBUSY), ERROR(ECONNABORTED), ERROR(ECONNREFUSED), ERROR(ECONNRESET), ERROR(EEXIST), ERROR(EFAULT), ERROR(EFBIG),
	ERROR(EHOSTUNREACH), ERROR(EINPROGRESS), ERROR(EINTR), ERROR(EINVAL), ERROR(EIO), ERROR(EISCONN), ERROR(EISDIR), ERROR(EMFILE),
	ERROR(EMSGSIZE), ERROR(ENETDOWN), ERROR(ENETUNREACH), ERROR(ENFILE), ERROR(ENOBUFS), ERROR(ENODEV), ERROR(ENOENT),
	ERROR(ENOMEM), ERROR(ENOSPC), ERROR(ENOTCONN), ERROR(ENOTDIR), ERROR(ENOTEMPTY), ERROR(EOPNOTSUPP), ERROR(EPERM), ERROR(EPIPE),
	ERROR(EPROTONOSUPPORT), ERROR(EROFS), ERROR(ETIMEDOUT),
};

/* errorName(number): such as "EPERM" */
JSValue call_error_name(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	char text[32];
	int number = int_of(context, values[0]);

	for (size_t i = 0; i < COUNT_OF(errors); i++)
		if (errors[i].number == number)
			return JS_NewString(context, errors[i].name);
	snprintf(text, sizeof(text), "errno %d", number);
	return JS_NewString(context, text);
}
