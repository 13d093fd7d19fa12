import { getGroups, refusesFilter, troubleOf } from '../../api/client.js';
import { Query } from '../../api/query.svelte.js';
import type { FilterError } from '../../flows/flows.svelte.js';
import { type Dimension, sidesOf, type Value } from '../../split/dimensions.js';
import { asNamesOf } from '../../split/names.js';
import { askedSpan, type View } from '../../state/view.js';
import { askTotal } from '../../tops/asking.js';
import { type Talk, talksOf } from './network.js';

/** Milliseconds between two questions: these sums are of all records of the time. */
const GAP = 10_000;
/** More than the picture shows; the others are one. */
const ASKED = 100;

interface Answer {
  by: Dimension;
  talks: Talk[];
  /** Octets of all of the traffic, in both directions. */
  total: number;
}

/** What talks to what, by the dimension that is chosen. Made while a component is. */
export class Talks {
  readonly #query: Query<Answer>;
  readonly #asked: () => Pick<View, 'from' | 'to' | 'filter'>;

  constructor(asked: () => Pick<View, 'from' | 'to' | 'filter'>, by: () => Dimension, now: () => number) {
    this.#asked = asked;
    this.#query = new Query(() => {
      const { from, to, filter } = asked();
      const chosen = by();
      const run = (signal: AbortSignal): Promise<Answer> => ask({ from, to, filter }, chosen, now(), signal);
      return { key: JSON.stringify([chosen, from, to, filter]), run };
    }, GAP);
  }

  get answer(): Answer | undefined {
    return this.#query.data;
  }

  get busy(): boolean {
    return this.#query.busy;
  }

  /** The relative standard error of the answer, where it is an estimate. */
  get estimate(): number | undefined {
    return this.#query.estimate;
  }

  /** What is wrong with the filter. */
  get filterError(): FilterError | undefined {
    const { error } = this.#query;
    if (!refusesFilter(error, this.#asked().filter)) return undefined;
    return { message: error.message, ...(error.column !== undefined && { column: error.column }) };
  }

  /** Why there is no newer answer. */
  get trouble(): string | undefined {
    return troubleOf(this.#query.error, this.#asked().filter);
  }

  refresh(): void {
    this.#query.refresh();
  }
}

async function ask(
  view: Pick<View, 'from' | 'to' | 'filter'>,
  by: Dimension,
  now: number,
  signal: AbortSignal,
): Promise<Answer> {
  const { source, destination } = sidesOf(by);
  const span = askedSpan(view, now);
  const [groups, total] = await Promise.all([
    getGroups([source, destination], ASKED, span, signal),
    askTotal(span, signal),
  ]);
  const values = groups.flatMap(group => [group[source], group[destination]]) as Value[];
  const asNames = await asNamesOf(destination, [...new Set(values)].slice(0, 100), signal);
  return { by, talks: talksOf(by, groups, asNames), total };
}
