/** Whom was asked, with the time when; the oldest first. */
type Seen = Map<string, number>;

/** Names that are remembered of one contact: enough to say how many, where more would be as unusual. */
const MOST_NAMES = 1024;
/** Contacts that are remembered; those that have been quiet for longest are forgotten first. */
const MOST_CONTACTS = 20_000;

/** What failed and what was answered of one contact within the window. */
export class Contact {
  readonly failed: Seen = new Map();
  readonly answered: Seen = new Map();
  /** Milliseconds since the epoch: when it began to fail. */
  since = 0;

  /** Keeps names, and forgets those from before `until`. */
  keep(failed: readonly string[], answered: readonly string[], now: number, until: number): void {
    if (this.failed.size === 0) this.since = now;
    add(this.failed, failed, now, until);
    add(this.answered, answered, now, until);
  }
}

function add(seen: Seen, names: readonly string[], now: number, until: number): void {
  for (const name of names) {
    // Each is there once, however often it was asked; where it was asked again it counts from then.
    seen.delete(name);
    seen.set(name, now);
  }
  for (const [name, at] of seen) {
    if (at >= until && seen.size <= MOST_NAMES) break;
    seen.delete(name);
  }
}

/** Contacts by a key, with those of the last minutes: distinct names, because who asks the same again and again is no scanner. */
export class Contacts {
  readonly #contacts = new Map<string, Contact>();
  readonly #window: number;

  /** @param window milliseconds */
  constructor(window: number) {
    this.#window = window;
  }

  get size(): number {
    return this.#contacts.size;
  }

  /** @param now milliseconds since the epoch; does not descend */
  keep(key: string, failed: readonly string[], answered: readonly string[], now: number): Contact {
    const contact = this.#contacts.get(key) ?? new Contact();
    contact.keep(failed, answered, now, now - this.#window);
    // At the end again: the first ones are those that have been quiet for longest.
    this.#contacts.delete(key);
    this.#contacts.set(key, contact);
    return contact;
  }

  forget(now: number): void {
    for (const [key, contact] of this.#contacts) {
      const last = [...contact.failed.values()].at(-1) ?? 0;
      if (last >= now - this.#window && this.#contacts.size <= MOST_CONTACTS) break;
      this.#contacts.delete(key);
    }
  }
}
