/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a script with the host's calls and all of the engine: what the tests run in. */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>

/* The parser's recursion in a bundle of tests takes more than its default. */
#define STACK_OCTETS (4 * 1024 * 1024)

static char *read_file(const char *path, size_t *octets)
{
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		return NULL;
	fseek(file, 0, SEEK_END);
	*octets = ftell(file);
	rewind(file);
	char *text = malloc(*octets + 1);

	*octets = fread(text, 1, *octets, file);
	text[*octets] = 0;
	fclose(file);
	return text;
}

static JSValue print(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	const char *text = JS_ToCString(context, values[0]);

	if (text == NULL)
		return JS_EXCEPTION;
	puts(text);
	JS_FreeCString(context, text);
	return JS_UNDEFINED;
}

int main(int count, char **arguments)
{
	JSRuntime *runtime = JS_NewRuntime2(&memory_functions, NULL);
	JSContext *context = JS_NewContext(runtime), *other;
	size_t octets;
	char *text = count < 2 ? NULL : read_file(arguments[1], &octets);

	if (text == NULL) {
		fprintf(stderr, "usage: weir-run SCRIPT [ARGUMENT...]\n");
		return 2;
	}
	JS_SetMaxStackSize(runtime, STACK_OCTETS);
	add_host(context, count - 1, arguments + 1);
	catch_signals();
	JSValue global = JS_GetGlobalObject(context);

	JS_SetPropertyStr(context, global, "print", JS_NewCFunction(context, print, "print", 1));
	if (JS_IsException(JS_Eval(context, text, octets, arguments[1], JS_EVAL_TYPE_GLOBAL)))
		return fail(context);
	for (int left; (left = JS_ExecutePendingJob(runtime, &other)) != 0;)
		if (left < 0)
			return fail(other);
	return int_of(context, JS_GetPropertyStr(context, global, "exitStatus"));
}
