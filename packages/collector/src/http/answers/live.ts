import Type from 'typebox';
import { eventChangeSchema } from './events.js';
import { meshEventSchema } from './mesh.js';
import { about, count, time } from './parts.js';
import { statusSchema } from './status.js';

export const storedEventSchema = Type.Object(
  { records: count(), from: time(), to: time() },
  about('a batch has reached the store: its records, and the interval that they cover'),
);

/** One server-sent event of /api/v1/live; `data` is JSON on one line. */
export const liveEventSchema = Type.Union(
  [
    Type.Object({ event: Type.Literal('status'), data: statusSchema }, about('at the start and once a second')),
    Type.Object({ event: Type.Literal('stored'), data: storedEventSchema }, about('after each stored batch')),
    Type.Object({ event: Type.Literal('mesh'), data: meshEventSchema }, about('after each change of a mesh')),
    Type.Object({ event: Type.Literal('event'), data: eventChangeSchema }, about('after each change of an event')),
  ],
  about('one event; its data is JSON on one line'),
);
