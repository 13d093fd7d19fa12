/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host.h"

#include <errno.h>
#include <stdio.h>

static const JSCFunctionListEntry calls[] = {
	JS_CFUNC_DEF("netlinkOpen", 1, call_netlink_open),
	JS_CFUNC_DEF("netlinkOption", 3, call_netlink_option),
	JS_CFUNC_DEF("netlinkFilter", 2, call_netlink_filter),
	JS_CFUNC_DEF("receiveBuffer", 2, call_receive_buffer),
	JS_CFUNC_DEF("receiveMany", 4, call_receive_many),
	JS_CFUNC_DEF("drops", 1, call_drops),
	JS_CFUNC_DEF("socketOpen", 2, call_socket_open),
	JS_CFUNC_DEF("socketError", 1, call_socket_error),
	JS_CFUNC_DEF("bind", 3, call_bind),
	JS_CFUNC_DEF("connect", 3, call_connect),
	JS_CFUNC_DEF("fragments", 2, call_fragments),
	JS_CFUNC_DEF("pathMtu", 1, call_path_mtu),
	JS_CFUNC_DEF("send", 3, call_send),
	JS_CFUNC_DEF("sendMany", 5, call_send_many),
	JS_CFUNC_DEF("receive", 2, call_receive),
	JS_CFUNC_DEF("tcpInfo", 2, call_tcp_info),
	JS_CFUNC_DEF("open", 2, call_open),
	JS_CFUNC_DEF("close", 1, call_close),
	JS_CFUNC_DEF("read", 3, call_read),
	JS_CFUNC_DEF("write", 3, call_write),
	JS_CFUNC_DEF("truncate", 2, call_truncate),
	JS_CFUNC_DEF("allocate", 2, call_allocate),
	JS_CFUNC_DEF("sync", 1, call_sync),
	JS_CFUNC_DEF("lock", 1, call_lock),
	JS_CFUNC_DEF("map", 2, call_map),
	JS_CFUNC_DEF("unmap", 1, call_unmap),
	JS_CFUNC_DEF("readText", 1, call_read_text),
	JS_CFUNC_DEF("size", 1, call_size),
	JS_CFUNC_DEF("list", 1, call_list),
	JS_CFUNC_DEF("rename", 2, call_rename),
	JS_CFUNC_DEF("remove", 1, call_remove),
	JS_CFUNC_DEF("makeDirectory", 1, call_make_directory),
	JS_CFUNC_DEF("trim", 0, call_trim),
	JS_CFUNC_DEF("wall", 0, call_wall),
	JS_CFUNC_DEF("monotonic", 0, call_monotonic),
	JS_CFUNC_DEF("sleep", 1, call_sleep),
	JS_CFUNC_DEF("poll", 2, call_poll),
	JS_CFUNC_DEF("takeSignals", 0, call_take_signals),
	JS_CFUNC_DEF("resolve", 1, call_resolve),
	JS_CFUNC_DEF("log", 2, call_log),
	JS_CFUNC_DEF("errorName", 1, call_error_name),
};

void add_host(JSContext *context, int count, char **arguments)
{
	JSValue global = JS_GetGlobalObject(context);
	JSValue host = JS_NewObject(context);
	JSValue list = JS_NewArray(context);

	JS_SetPropertyFunctionList(context, host, calls, COUNT_OF(calls));
	for (int i = 0; i < count; i++)
		JS_SetPropertyUint32(context, list, i, JS_NewString(context, arguments[i]));
	JS_SetPropertyStr(context, host, "arguments", list);
	JS_SetPropertyStr(context, global, "weirHost", host);
	JS_FreeValue(context, global);
}

int int_of(JSContext *context, JSValueConst value)
{
	int32_t number = 0;

	JS_ToInt32(context, &number, value);
	return number;
}

uint8_t *octets_of(JSContext *context, JSValueConst value, size_t *octets)
{
	size_t offset, whole;
	JSValue buffer = JS_GetTypedArrayBuffer(context, value, &offset, octets, NULL);

	if (JS_IsException(buffer))
		return NULL;
	uint8_t *memory = JS_GetArrayBuffer(context, &whole, buffer);
	JS_FreeValue(context, buffer);
	return memory == NULL ? NULL : memory + offset;
}

JSValue result_of(JSContext *context, long result)
{
	return JS_NewInt64(context, result < 0 ? -errno : result);
}

int fail(JSContext *context)
{
	JSValue exception = JS_GetException(context);
	JSValue stack = JS_GetPropertyStr(context, exception, "stack");
	const char *text = JS_ToCString(context, exception);
	const char *where = JS_ToCString(context, stack);

	fprintf(stderr, "weir-probe: %s\n%s", text ? text : "?", JS_IsUndefined(stack) || !where ? "" : where);
	JS_FreeCString(context, text);
	JS_FreeCString(context, where);
	JS_FreeValue(context, stack);
	JS_FreeValue(context, exception);
	return 1;
}
