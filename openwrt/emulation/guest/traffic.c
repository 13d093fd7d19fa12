/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What busybox has no command for, in an emulated router: many connections from known ports, who answers them, and their end.
 *
 *   traffic serve PORT                                 answers over UDP and TCP what it is sent
 *   traffic udp ADDRESS PORT FIRST NUMBER OCTETS       from each of so many ports a datagram, and waits for its answer
 *   traffic tcp ADDRESS PORT FIRST NUMBER OCTETS       likewise a connection
 *   traffic forget                                     the kernel ends all connections that it tracks
 *
 * Exit status 0 where all was answered. Big- and little-endian.
 */
#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static char buffer[65536];

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static int open_socket(int family, int type, int port)
{
	struct sockaddr_storage local = { .ss_family = family };
	/* The port is at the same place in both families' addresses. */
	struct sockaddr_in *any = (struct sockaddr_in *)&local;
	struct timeval patience = { .tv_sec = 20 };
	int yes = 1, no = 0;
	int s = socket(family, type, 0);

	any->sin_port = htons(port);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (family == AF_INET6)
		setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
	if (bind(s, (struct sockaddr *)&local, family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof *any) < 0) {
		perror("bind");
		exit(1);
	}
	return s;
}

static void answer_connection(int s)
{
	ssize_t octets;

	while ((octets = recv(s, buffer, sizeof buffer, 0)) > 0)
		if (send(s, buffer, octets, 0) != octets)
			break;
	close(s);
}

static int serve(int port)
{
	int udp = open_socket(AF_INET6, SOCK_DGRAM, port);
	int tcp = open_socket(AF_INET6, SOCK_STREAM, port);
	struct pollfd ready[] = { { .fd = udp, .events = POLLIN }, { .fd = tcp, .events = POLLIN } };

	signal(SIGCHLD, SIG_IGN);
	listen(tcp, 128);
	while (poll(ready, 2, -1) >= 0) {
		struct sockaddr_storage from;
		socklen_t length = sizeof from;
		ssize_t octets;
		int s;

		if (ready[0].revents && (octets = recvfrom(udp, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length)) >= 0)
			sendto(udp, buffer, octets, 0, (struct sockaddr *)&from, length);
		if (ready[1].revents && (s = accept(tcp, NULL, NULL)) >= 0) {
			if (fork() == 0) {
				answer_connection(s);
				exit(0);
			}
			close(s);
		}
	}
	return fail("poll");
}

/* Sends so many octets and waits for as many. */
static int exchange(int s, const struct addrinfo *to, int octets)
{
	int answered = 0;

	if (connect(s, to->ai_addr, to->ai_addrlen) < 0)
		return fail("connect");
	if (send(s, buffer, octets, 0) != octets)
		return fail("send");
	while (answered < octets) {
		ssize_t more = recv(s, buffer, sizeof buffer, 0);

		if (more <= 0)
			return fail("no answer");
		answered += more;
	}
	return 0;
}

static int ask(int type, char **words)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = type }, *to;
	int first = atoi(words[2]), number = atoi(words[3]), octets = atoi(words[4]);

	if (getaddrinfo(words[0], words[1], &hints, &to) != 0)
		return fail(words[0]);
	for (int port = first; port < first + number; port++) {
		int s = open_socket(to->ai_family, type, port);

		if (exchange(s, to, octets) != 0)
			return 1;
		close(s);
	}
	return 0;
}

/* A request to delete that names no connection (net/netfilter/nf_conntrack_netlink.c, ctnetlink_del_conntrack). */
static int forget(void)
{
	struct {
		struct nlmsghdr header;
		struct nfgenmsg message;
	} request = {
		.header = {
			.nlmsg_len = sizeof request,
			.nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.message = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 },
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} *answer = (void *)buffer;
	int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);

	if (send(s, &request, sizeof request, 0) < 0 || recv(s, buffer, sizeof buffer, 0) < (ssize_t)sizeof *answer)
		return fail("netlink");
	return answer->header.nlmsg_type == NLMSG_ERROR && answer->error.error == 0 ? 0 : 1;
}

int main(int words, char **word)
{
	if (words == 3 && strcmp(word[1], "serve") == 0)
		return serve(atoi(word[2]));
	if (words == 7 && strcmp(word[1], "udp") == 0)
		return ask(SOCK_DGRAM, word + 2);
	if (words == 7 && strcmp(word[1], "tcp") == 0)
		return ask(SOCK_STREAM, word + 2);
	if (words == 2 && strcmp(word[1], "forget") == 0)
		return forget();
	fprintf(stderr, "usage: traffic serve PORT | udp|tcp ADDRESS PORT FIRST NUMBER OCTETS | forget\n");
	return 2;
}
