/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host of the probe on routers: system calls for the engine, and nothing that knows a protocol. Calls that fail return the
 * negative error number; what they mean is said in packages/probe/src/host/quickjs-calls.ts.
 */
#ifndef WEIR_HOST_H
#define WEIR_HOST_H

#include <quickjs.h>

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

/* The global object "weirHost" with all calls below, and the program's arguments. */
void add_host(JSContext *context, int count, char **arguments);

typedef JSValue call(JSContext *context, JSValueConst self, int count, JSValueConst *values);

call call_drops, call_netlink_filter, call_netlink_open, call_netlink_option, call_receive_buffer, call_receive_many;
call call_bind, call_connect, call_fragments, call_path_mtu, call_receive, call_send, call_send_many, call_socket_error, call_socket_open,
	call_tcp_info;
call call_allocate, call_close, call_list, call_lock, call_make_directory, call_map, call_open, call_read, call_read_text, call_remove,
	call_rename, call_size, call_sync, call_truncate, call_write;
call call_error_name, call_log, call_monotonic, call_poll, call_resolve, call_sleep, call_take_signals, call_wall;
call call_trim, call_unmap;

/* The program's bytecode: "main", and the parts that it reads when it needs them. The last one has no name. */
struct script {
	const char *name;
	const uint8_t *octets;
	const uint32_t *size;
};
extern const struct script scripts[];

/* Of the engine's runtime: its tables can be trimmed. */
extern const JSMallocFunctions memory_functions;

/* Pieces of at most so many octets: one of them, NULL where there is no room; octets that it has, 0 where it is none; and its end. */
#define SMALL_OCTETS 256
void *small_take(size_t octets);
size_t small_octets(const void *memory);
void small_give(void *memory);

/* The process lets go of pages of the program's file; they come again when they are read. */
void leave_pages(const void *from, size_t octets);

/* From now on signals that end or reload are kept for takeSignals, and one that comes ends a wait. */
void catch_signals(void);

/* An argument as a number; 0 where it is none. */
int int_of(JSContext *context, JSValueConst value);
/* The memory of a typed array, NULL where it is none. */
uint8_t *octets_of(JSContext *context, JSValueConst value, size_t *octets);
/* What a system call returned, or its error number where that is -1. */
JSValue result_of(JSContext *context, long result);

/* Prints the exception that the context has, and returns the exit status of a failure. */
int fail(JSContext *context);

#endif
