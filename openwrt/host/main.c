/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The probe on routers: the bundle's bytecode, which is compiled in. What makes code from text is left out of the engine. */
#include "host.h"

#include <stdio.h>
#include <string.h>

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

/* Carries out the script of that name. */
static JSValue run(JSContext *context, const char *name)
{
	const struct script *script = scripts;

	while (script->name != NULL && strcmp(script->name, name) != 0)
		script++;
	if (script->name == NULL)
		return JS_ThrowReferenceError(context, "no script %s", name);
	JSValue program = JS_ReadObject(context, script->octets, *script->size, JS_READ_OBJ_BYTECODE);

	/* All of it has been copied. */
	leave_pages(script->octets, *script->size);
	return JS_IsException(program) ? program : JS_EvalFunction(context, program);
}

/* readPart(name): what the part leaves in the global object's "weirPart" */
static JSValue call_read_part(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	const char *name = JS_ToCString(context, values[0]);
	JSValue done = name == NULL ? JS_EXCEPTION : run(context, name);

	JS_FreeCString(context, name);
	if (JS_IsException(done))
		return done;
	JSValue global = JS_GetGlobalObject(context);
	JSValue part = JS_GetPropertyStr(context, global, "weirPart");

	JS_FreeValue(context, global);
	return part;
}

int main(int count, char **arguments)
{
	JSRuntime *runtime = JS_NewRuntime2(&memory_functions, NULL);
	JSContext *context = new_context(runtime);
	JSValue global = JS_GetGlobalObject(context);

	JS_SetGCThreshold(runtime, COLLECT_OCTETS);
	add_host(context, count, arguments);
	JSValue host = JS_GetPropertyStr(context, global, "weirHost");

	JS_SetPropertyStr(context, host, "readPart", JS_NewCFunction(context, call_read_part, "readPart", 1));
	catch_signals();
	if (JS_IsException(run(context, "main")))
		return fail(context);
	JSValue status = JS_Call(context, JS_GetPropertyStr(context, global, "weirProbe"), global, 0, NULL);

	return JS_IsException(status) ? fail(context) : int_of(context, status);
}
