import type { AlertMessage } from './message.js';
import { headline, plain } from './words.js';

/** The JSON that a webhook gets, and MQTT: docs/reference/alerts.md; what is not known of an event is left out. Chat programs that take `text` show that. */
export function bodyOf({ id, at, title, text, items, notes }: AlertMessage): string {
  return JSON.stringify({
    ...{ id, time: new Date(at).toISOString(), title, text: `${title}\n\n${text}` },
    events: items.map(({ change, event, link }) => ({
      ...{ id: event.id, change, kind: event.kind, headline: headline(event) },
      ...{ form: event.form, source: event.source, target: event.target, service: event.service },
      subject: { ...event.subject, name: plain(event.subject.name) },
      start: new Date(event.start).toISOString(),
      end: event.end === undefined ? undefined : new Date(event.end).toISOString(),
      ...{ size: event.size, unit: event.unit, expected: event.expected },
      causes: event.causes.map(({ name, filter, share }) => ({ name: plain(name), filter, share })),
      link,
    })),
    notes,
  });
}
