import type { ToldElement } from '@weir/flow';
import type { Session } from '../sessions.js';
import { Unkept } from './unkept.js';

/** Anyone may tell of elements that there are not: more than these are not kept. */
const MAXIMUM_ELEMENTS = 16_384;

/** Elements that exporters have defined themselves (RFC 5610): records have them by these names. */
export class ElementNames {
  readonly unkept = new Unkept<ToldElement>();
  readonly #known = new Set<string>();
  readonly #revisions = new WeakMap<Session, number>();

  /** Takes note of what the session has learned since it was asked before. @returns whether it may have learned something */
  learn(session: Session): boolean {
    const { revision } = session.transport.registry;
    if (this.#revisions.get(session) === revision) return false;
    this.#revisions.set(session, revision);
    for (const element of session.transport.save().elements ?? []) this.keep(element);
    return true;
  }

  keep({ name, enterprise, id, type }: ToldElement): void {
    const key = `${name} ${enterprise}:${id} ${type}`;
    if (this.#known.has(key) || this.#known.size >= MAXIMUM_ELEMENTS) return;
    this.#known.add(key);
    this.unkept.set(key, { name, enterprise, id, type });
  }
}
