/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's memory. Tables of fixed size are mappings of their own: the engine fills them with zeros, so that they would take all of their
 * memory from the start; pages that hold nothing but zeros are given back, and read as zeros when they are touched again.
 */
#include "host.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TABLE_OCTETS (8 * 1024)
#define TABLES 128

static struct {
	uint8_t *memory;
	size_t octets;
} tables[TABLES];

/* The place of a table, or of none (NULL); TABLES where there is no such. */
static int place_of(const void *memory)
{
	int place = 0;

	while (place < TABLES && tables[place].memory != memory)
		place++;
	return place;
}

static size_t page_octets(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* What malloc gives is never at the beginning of a page. */
static int may_be_table(const void *memory)
{
	return memory != NULL && (uintptr_t)memory % page_octets() == 0;
}

static size_t usable(const void *memory)
{
	size_t small = small_octets(memory);
	int place = small == 0 && may_be_table(memory) ? place_of(memory) : TABLES;

	if (small != 0)
		return small;
	return place < TABLES ? tables[place].octets : malloc_usable_size((void *)memory);
}

static void *table(size_t octets)
{
	int place = place_of(NULL);
	void *memory = place == TABLES
		? MAP_FAILED
		: mmap(NULL, octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	tables[place].memory = memory;
	tables[place].octets = octets;
	return memory;
}

static void *allocate(JSMallocState *state, size_t octets)
{
	void *memory = octets <= SMALL_OCTETS ? small_take(octets) : octets >= TABLE_OCTETS ? table(octets) : NULL;

	if (memory == NULL)
		memory = malloc(octets);
	if (memory == NULL)
		return NULL;
	state->malloc_count++;
	state->malloc_size += usable(memory);
	return memory;
}

static void release(JSMallocState *state, void *memory)
{
	if (memory == NULL)
		return;
	int is_small = small_octets(memory) != 0;
	int place = !is_small && may_be_table(memory) ? place_of(memory) : TABLES;

	state->malloc_count--;
	state->malloc_size -= usable(memory);
	if (is_small)
		small_give(memory);
	else if (place == TABLES)
		free(memory);
	else {
		munmap(memory, tables[place].octets);
		tables[place].memory = NULL;
	}
}

static void *resize(JSMallocState *state, void *memory, size_t octets)
{
	size_t before = memory == NULL ? 0 : usable(memory);

	if (octets == 0) {
		release(state, memory);
		return NULL;
	}
	if (octets <= before && octets > before / 2)
		return memory;
	if (octets > SMALL_OCTETS && before > SMALL_OCTETS && octets < TABLE_OCTETS && before < TABLE_OCTETS) {
		void *moved = realloc(memory, octets);

		if (moved != NULL)
			state->malloc_size += usable(moved) - before;
		return moved;
	}
	void *moved = allocate(state, octets);

	if (moved != NULL && memory != NULL) {
		memcpy(moved, memory, before < octets ? before : octets);
		release(state, memory);
	}
	return moved;
}

const JSMallocFunctions memory_functions = { allocate, release, resize, usable };

void leave_pages(const void *from, size_t octets)
{
	uintptr_t page = page_octets(), first = (uintptr_t)from & -page;

	madvise((void *)first, (uintptr_t)from + octets - first, MADV_DONTNEED);
}

/* Of the linker: where the program's file and its functions begin and end in memory. */
extern const char __executable_start[], etext[];

/* trim(): gives back pages of tables that hold nothing but zeros, and those of the program that only its start needed */
JSValue call_trim(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
	size_t page = page_octets();

	leave_pages(__executable_start, etext - __executable_start);
	for (int i = 0; i < TABLES; i++)
		for (size_t at = 0; tables[i].memory != NULL && at + page <= tables[i].octets; at += page) {
			uint8_t *octets = tables[i].memory + at;

			if (octets[0] == 0 && memcmp(octets, octets + 1, page - 1) == 0)
				madvise(octets, page, MADV_DONTNEED);
		}
	return JS_UNDEFINED;
}
