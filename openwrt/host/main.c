/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The probe on routers: the bundle's bytecode, which is compiled in. What makes code from text is left out of the engine. */
#include "host.h"

#include <stdio.h>

extern const uint8_t bundle[];
extern const uint32_t bundle_size;

/* Before the garbage that refers to itself is looked for: there is hardly any. */
#define COLLECT_OCTETS (256 * 1024)

static JSContext *new_context(JSRuntime *runtime)
{
	JSContext *context = JS_NewContextRaw(runtime);

	JS_AddIntrinsicBaseObjects(context);
	JS_AddIntrinsicDate(context);
	JS_AddIntrinsicRegExp(context);
	JS_AddIntrinsicJSON(context);
	JS_AddIntrinsicMapSet(context);
	JS_AddIntrinsicTypedArrays(context);
	/* Modules are functions that promise. */
	JS_AddIntrinsicPromise(context);
	return context;
}

int main(int count, char **arguments)
{
	JSRuntime *runtime = JS_NewRuntime2(&memory_functions, NULL);
	JSContext *context = new_context(runtime);

	JS_SetGCThreshold(runtime, COLLECT_OCTETS);
	add_host(context, count, arguments);
	catch_signals();
	JSValue program = JS_ReadObject(context, bundle, bundle_size, JS_READ_OBJ_BYTECODE);

	if (JS_IsException(program))
		return fail(context);
	/* All of it has been copied. */
	leave_pages(bundle, bundle_size);
	JSValue defined = JS_EvalFunction(context, program);

	if (JS_IsException(defined))
		return fail(context);
	JSValue global = JS_GetGlobalObject(context);
	JSValue status = JS_Call(context, JS_GetPropertyStr(context, global, "weirProbe"), global, 0, NULL);

	return JS_IsException(status) ? fail(context) : int_of(context, status);
}
