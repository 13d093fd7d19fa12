import { TemplateBook } from '../exporting/template-book.js';
import { CHUNK_OCTETS, type Chunk } from './chunk.js';
import type { MessageRing } from './message-ring.js';
import type { Spool } from './spool.js';
import type { SpoolRun } from './spool-run.js';

/** Messages of one run of the Exporting Process that are to be sent, in their order. */
export interface Backlog {
  readonly templates: TemplateBook;
  /** The run's spool, where it has one. */
  readonly run: SpoolRun | undefined;
  /** The next Messages; undefined where there are none now. */
  take(): Chunk | undefined;
  /** Gives back what was taken last, to be taken again first. */
  giveBack(chunks: readonly Chunk[]): void;
  /** What was given back and is not taken. */
  readonly returned: readonly Chunk[];
}

/** What a former run left in the spool. */
export class FormerBacklog implements Backlog {
  readonly templates = new TemplateBook();
  returned: Chunk[] = [];

  constructor(readonly run: SpoolRun) {}

  take(): Chunk | undefined {
    return this.returned.shift() ?? this.run.take();
  }

  giveBack(chunks: readonly Chunk[]): void {
    this.returned = [...chunks, ...this.returned];
  }
}

/** What this run makes: the spool holds what came before that in the ring. */
export class OwnBacklog implements Backlog {
  readonly templates = new TemplateBook();
  returned: Chunk[] = [];

  constructor(
    private readonly ring: MessageRing,
    private readonly spool: Spool | undefined,
  ) {}

  get run(): SpoolRun | undefined {
    return this.spool?.own;
  }

  take(): Chunk | undefined {
    const kept = this.returned.shift() ?? this.run?.take();
    if (kept !== undefined) return kept;
    const bytes = this.ring.take(CHUNK_OCTETS);
    return bytes === undefined ? undefined : { bytes };
  }

  giveBack(chunks: readonly Chunk[]): void {
    this.returned = [...chunks, ...this.returned];
  }

  /** Moves what waits in the ring to the spool. */
  spill(): void {
    for (let bytes = this.ring.take(CHUNK_OCTETS); bytes !== undefined; bytes = this.ring.take(CHUNK_OCTETS)) {
      this.spool?.write(bytes, this.templates);
    }
  }

  get isEmpty(): boolean {
    return this.returned.length === 0 && (this.run?.isRead ?? true) && this.ring.used === 0;
  }
}
