import type { StoreDoor } from './door.js';
import { rowsOf } from './rows.js';

interface Part {
  readonly name: string;
  readonly partition: string;
  readonly rows: number;
  /** Numbers of the blocks that are in it: those of a part that others were merged into span theirs. */
  readonly first: number;
  readonly last: number;
}

/**
 * Counts the Flow Records that the engine drops for their age. It drops whole parts and does not tell: a part that is gone, and that no other has
 * taken in, was dropped.
 */
export class ExpiredRecords {
  count = 0;
  readonly #door: StoreDoor;
  #known: readonly Part[] = [];

  constructor(door: StoreDoor) {
    this.#door = door;
  }

  /** Looks at what is there now. What comes and goes between two looks is not seen: looks have to be minutes apart at most. */
  async look(): Promise<void> {
    const parts = await rowsOf<Part>(
      this.#door,
      `SELECT name, partition_id AS partition, toFloat64(rows) AS rows, toFloat64(min_block_number) AS first, toFloat64(max_block_number) AS last
       FROM system.parts WHERE active AND rows > 0 AND database = currentDatabase() AND table = 'flows'`,
    );
    const names = new Set(parts.map(({ name }) => name));
    for (const gone of this.#known.filter(({ name }) => !names.has(name))) {
      if (!parts.some(part => hasTakenIn(part, gone))) this.count += gone.rows;
    }
    this.#known = parts;
  }

  /** The partition was dropped for another reason. */
  forget(partition: string): void {
    this.#known = this.#known.filter(part => part.partition !== partition);
  }
}

function hasTakenIn(part: Part, { partition, first, last }: Part): boolean {
  return part.partition === partition && part.first <= first && last <= part.last;
}
