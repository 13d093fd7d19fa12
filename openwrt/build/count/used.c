/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked into a program whose functions tell when they are entered (-finstrument-functions): writes the addresses of those that were
 * entered since call_trim was last, once each, to the file that WEIR_USED names.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define PLACES (1 << 14)
#define QUIET __attribute__((no_instrument_function))

extern void call_trim(void);
static void *seen[PLACES];
static int metering;

QUIET void __cyg_profile_func_enter(void *function, void *caller)
{
	unsigned place = ((uintptr_t)function * 2654435761u >> 8) % PLACES;

	if (function == (void *)call_trim) {
		metering = 1;
		for (int each = 0; each < PLACES; each++)
			seen[each] = NULL;
	}
	while (metering && seen[place] != NULL && seen[place] != function)
		place = (place + 1) % PLACES;
	if (metering)
		seen[place] = function;
}

QUIET void __cyg_profile_func_exit(void *function, void *caller)
{
}

QUIET __attribute__((destructor)) static void write_seen(void)
{
	FILE *file = fopen(getenv("WEIR_USED"), "w");

	for (int place = 0; file != NULL && place < PLACES; place++)
		if (seen[place] != NULL)
			fprintf(file, "%lx\n", (unsigned long)seen[place]);
	if (file != NULL)
		fclose(file);
}
