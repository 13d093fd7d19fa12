import { eachMessage, join, putSequence, sequenceOf, TemplateBook } from './template-book.js';

/**
 * An encoder's Messages, from some point on, as those of a Transport Session of their own: it begins with the Templates that
 * were defined before, and its sequence numbers begin at 0 (RFC 7011 sections 3.1 and 8). Records that were lost between two
 * Messages stay visible as a gap.
 */
export class SessionView {
  readonly #had = new TemplateBook();
  /** Sequence number of the encoder that is 0 in this session. */
  #base: number | undefined;

  /** @param known Templates of the Messages before this session */
  constructor(private readonly known: TemplateBook) {}

  /** What is to be sent for these Messages, which follow those of the call before. */
  adapt(messages: Uint8Array, exportSeconds: number): Uint8Array {
    const parts: Uint8Array[] = [];
    eachMessage(messages, message => {
      if (this.#base === undefined) {
        this.#base = sequenceOf(message);
        this.#add(parts, this.known.messages(exportSeconds, this.#base));
      }
      this.#add(parts, message);
      this.known.learn(message);
    });
    const adapted = join(parts);
    for (let at = 0; at < adapted.length; at += (adapted[at + 2] << 8) | adapted[at + 3]) {
      putSequence(adapted, at, sequenceOf(adapted.subarray(at)) - (this.#base ?? 0));
    }
    return adapted;
  }

  #add(parts: Uint8Array[], messages: Uint8Array): void {
    eachMessage(messages, message => {
      const news = this.#had.withoutKnown(message);
      if (news === undefined) return;
      parts.push(news);
      this.#had.learn(news);
    });
  }
}
