/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small pieces of memory, of which the engine has more than ten thousand. The C library keeps four octets with each and gives sixteen at a time:
 * here pieces of one size lie side by side in a block, and a block's number tells their size.
 */
#include "host.h"

#include <stddef.h>
#include <sys/mman.h>

#define STEP_OCTETS 8
#define SIZES (SMALL_OCTETS / STEP_OCTETS)
#define BLOCK_OCTETS 1024
/* Room for all of them; what is never touched takes no memory. Beyond it they are the C library's. */
#define BLOCKS 8192

struct piece {
	struct piece *next;
};

static uint8_t *blocks, sizes[BLOCKS];
static unsigned used;
static struct piece *unused[SIZES + 1];

static void divide_block(unsigned size)
{
	uint8_t *block = blocks + (size_t)used * BLOCK_OCTETS;
	size_t octets = size * STEP_OCTETS;

	sizes[used++] = size;
	for (size_t at = BLOCK_OCTETS / octets * octets; at > 0; at -= octets) {
		struct piece *piece = (struct piece *)(block + at - octets);

		piece->next = unused[size];
		unused[size] = piece;
	}
}

void *small_take(size_t octets)
{
	unsigned size = octets == 0 ? 1 : (octets + STEP_OCTETS - 1) / STEP_OCTETS;

	if (blocks == NULL) {
		blocks = mmap(NULL, BLOCKS * BLOCK_OCTETS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (blocks == MAP_FAILED) {
			blocks = NULL;
			return NULL;
		}
	}
	if (unused[size] == NULL && used < BLOCKS)
		divide_block(size);
	struct piece *piece = unused[size];

	if (piece != NULL)
		unused[size] = piece->next;
	return piece;
}

size_t small_octets(const void *memory)
{
	ptrdiff_t at = (const uint8_t *)memory - blocks;

	return blocks == NULL || at < 0 || at >= BLOCKS * BLOCK_OCTETS ? 0 : sizes[at / BLOCK_OCTETS] * STEP_OCTETS;
}

void small_give(void *memory)
{
	struct piece *piece = memory;
	unsigned size = small_octets(memory) / STEP_OCTETS;

	piece->next = unused[size];
	unused[size] = piece;
}
