import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { eventKinds } from './mutes.js';

const subject = { name: Type.String(), filter: Type.String() };
const eventSchema = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...eventKinds]),
  form: Type.Optional(Type.Enum(['ports', 'addresses', 'syn', 'udp', 'icmp', 'other'])),
  source: Type.Optional(Type.String()),
  target: Type.Optional(Type.String()),
  service: Type.Optional(Type.String()),
  subject: Type.Object(subject),
  start: Type.Number(),
  end: Type.Optional(Type.Number()),
  size: Type.Number(),
  expected: Type.Optional(Type.Number()),
  unit: Type.Enum(['bit/s', 'flows/s', 'packets/s', 'targets', 'ports', 'ms', 'share']),
  causes: Type.Array(Type.Object({ ...subject, share: Type.Number() })),
});
const entrySchema = Type.Object({
  event: eventSchema,
  since: Type.Number(),
  changed: Type.Number(),
  acknowledged: Type.Optional(
    Type.Object({ by: Type.String(), at: Type.Number(), comment: Type.Optional(Type.String()) }),
  ),
  told: Type.Record(Type.String(), Type.Object({ at: Type.Number(), distance: Type.Number(), ended: Type.Boolean() })),
});
const muteSchema = Type.Object({
  id: Type.String(),
  kind: Type.Optional(Type.Enum([...eventKinds])),
  subject: Type.Optional(Type.String()),
  filter: Type.Optional(Type.String()),
  until: Type.Number(),
  by: Type.String(),
  comment: Type.Optional(Type.String()),
});

interface State {
  mutes: Static<typeof muteSchema>[];
  events: Static<typeof entrySchema>[];
}

/** What of alerts outlives a restart: mutes, and events with who was told of them. */
export class StateFile {
  constructor(
    readonly file: string,
    readonly log: (line: string) => void,
  ) {}

  read(): State {
    if (!existsSync(this.file)) return { mutes: [], events: [] };
    try {
      const { mutes, events } = JSON.parse(readFileSync(this.file, 'utf8')) as { mutes: unknown[]; events: unknown[] };
      const state = {
        mutes: mutes.filter(each => Value.Check(muteSchema, each)),
        events: events.filter(each => Value.Check(entrySchema, each)),
      };
      const left = mutes.length + events.length - state.mutes.length - state.events.length;
      if (left > 0) this.log(`${this.file} holds ${left} mutes and events that are none: they are left out`);
      return state;
    } catch (error) {
      this.log(`${this.file} cannot be read (${(error as Error).message}): mutes are gone, what goes on is told again`);
      return { mutes: [], events: [] };
    }
  }

  /** @returns whether it is in the file */
  write(state: object): boolean {
    try {
      const next = `${this.file}.new`;
      writeFileSync(next, `${JSON.stringify(state)}\n`, { mode: 0o600 });
      renameSync(next, this.file);
      return true;
    } catch (error) {
      this.log(`mutes and events are not kept over a restart: ${(error as Error).message}`);
      return false;
    }
  }
}
