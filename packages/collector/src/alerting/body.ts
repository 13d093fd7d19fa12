import type { AlertMessage } from './message.js';
import { headline, plain } from './words.js';

/** The JSON that a webhook gets, and MQTT: docs/reference/alerts.md. Chat programs that take `text` show that. */
export function bodyOf({ id, at, title, text, items, notes }: AlertMessage): string {
  return JSON.stringify({
    ...{ id, time: new Date(at).toISOString(), title, text: `${title}\n\n${text}` },
    events: items.map(({ change, event, link }) => ({
      ...{ id: event.id, change, kind: event.kind, headline: headline(event) },
      subject: { name: plain(event.subject.name), filter: event.subject.filter },
      start: new Date(event.start).toISOString(),
      ...(event.end === undefined ? {} : { end: new Date(event.end).toISOString() }),
      ...{ size: event.size, unit: event.unit },
      ...(event.expected === undefined ? {} : { expected: event.expected }),
      causes: event.causes.map(({ name, filter, share }) => ({ name: plain(name), filter, share })),
      link,
    })),
    notes,
  });
}
