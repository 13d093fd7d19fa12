import { ApiError, getFlowPage, refusesFilter, type Span } from '../../api/client.js';
import { estimated } from '../../api/estimate.js';
import { estimates } from '../../api/estimates.svelte.js';
import { inTurn } from '../../api/turns.js';
import type { FlowRow } from '../../api/types.js';
import { type FilterError, filterErrorOf } from '../../flows/flows.svelte.js';
import { Pages } from '../../grid/pages.js';

/** Rows of the first page, which is to be there soon, and of the others, of which there are to be few. */
const FIRST = 200;
const PAGE = 1000;
/** Milliseconds after which a question that failed is asked again. */
const AGAIN = 3000;

/** What a list of flows is of. It stands still: a list that goes on would move under the reader's eyes. */
export interface Question {
  order: 'newest' | 'largest';
  columns: readonly string[];
  span: Span & { to: number };
}

/** Flows by their order, as many as there are, of which those near what is looked at are here. */
export class FlowList {
  /** Grows with each answer: what `row` says may be another then. */
  version = $state(0);
  /** What is wrong with the filter. There are no rows then. */
  filterError = $state.raw<FilterError>();
  /** Why the collector could not answer; the rows are those of before. */
  trouble = $state<string>();
  /** What the collector does not know, such as a column: asking again would not help. */
  refusal = $state<string>();
  /** The rows are of another question than was asked last. */
  busy = $state(false);
  /** What the rows are of; undefined until the first answer. */
  question = $state.raw<Question>();

  #shown: Pages<FlowRow> | undefined;
  #asked: Pages<FlowRow> | undefined;
  #looked = { first: 0, last: 1 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The error of what is shown, where it is an estimate: no other rows are known then. */
  #estimate = $state<number>();

  get count(): number {
    this.version;
    return this.#shown?.count ?? 0;
  }

  get whole(): boolean {
    this.version;
    return this.#estimate === undefined && (this.#shown?.whole ?? false);
  }

  row(index: number): FlowRow | undefined {
    this.version;
    return this.#shown?.row(index);
  }

  /** Asks; what was there before stays until the first rows are here. */
  ask(question: Question): void {
    this.#asked?.stop();
    clearTimeout(this.#timer);
    this.busy = true;
    this.refusal = undefined;
    const { order, span, columns } = question;
    let isNew = true;
    const pages = new Pages<FlowRow>(
      async (after, signal) => {
        const run = (each: AbortSignal) =>
          getFlowPage(order, after === undefined ? FIRST : PAGE, span, { columns, after }, each);
        const quick = isNew ? await inTurn(signal, () => estimated(signal, run), 'now') : undefined;
        isNew = false;
        if (quick?.error !== undefined && !signal.aborted) this.#guessed(quick.answer.flows, quick.error, question);
        const { flows, next } = quick?.error === undefined && quick ? quick.answer : await run(signal);
        return { rows: flows, next };
      },
      () => this.#answered(pages, question),
    );
    this.#asked = pages;
    pages.look(0, 1);
  }

  look(first: number, last: number): void {
    this.#looked = { first, last };
    this.#shown?.look(first, last);
  }

  /** Asks no more. */
  stop(): void {
    this.#asked?.stop();
    this.#shown?.stop();
    clearTimeout(this.#timer);
    this.#estimated(undefined);
  }

  /** Shows the rows of an estimate, until others come. */
  #guessed(rows: FlowRow[], error: number, question: Question): void {
    const pages: Pages<FlowRow> = new Pages<FlowRow>(
      async () => ({ rows }),
      () => {
        this.#took(pages, question);
        this.#estimated(error);
      },
    );
    pages.look(0, 1);
  }

  #estimated(error: number | undefined): void {
    this.#estimate = estimates.change(this.#estimate, error);
  }

  #answered(pages: Pages<FlowRow>, question: Question): void {
    if (pages.error === undefined) this.#took(pages, question);
    else this.#failed(pages, question);
  }

  #took(pages: Pages<FlowRow>, question: Question): void {
    this.filterError = undefined;
    this.trouble = undefined;
    if (pages !== this.#shown) {
      this.#shown?.stop();
      this.#shown = pages;
      this.question = question;
      this.busy = false;
      this.#estimated(undefined);
    }
    this.version++;
  }

  #failed(pages: Pages<FlowRow>, question: Question): void {
    const { error } = pages;
    if (error instanceof ApiError && error.status === 400) this.#refused(error, question);
    else {
      // Without a connection the header says so.
      if (error instanceof ApiError) this.trouble = error.message;
      this.#again(pages);
    }
  }

  #refused(error: ApiError, { span, columns }: Question): void {
    this.stop();
    this.#shown = undefined;
    this.question = undefined;
    this.busy = false;
    this.trouble = undefined;
    if (refusesFilter(error, span.filter) && (error.column !== undefined || columns.length === 0)) {
      this.filterError = filterErrorOf(error);
    } else this.refusal = error.message;
    this.version++;
  }

  #again(pages: Pages<FlowRow>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (pages === this.#shown) pages.look(this.#looked.first, this.#looked.last);
      else pages.look(0, 1);
    }, AGAIN);
  }
}
