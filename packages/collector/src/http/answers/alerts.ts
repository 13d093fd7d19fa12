/** Schemas of what the routes of routes/alerts.ts answer. */
import Type from 'typebox';
import { eventKinds } from '../../alerting/mutes.js';
import { units } from './events.js';
import { about, count } from './parts.js';

const time = (description: string) => Type.Number(about(`${description}, milliseconds since the epoch`));
const kind = Type.Enum([...eventKinds], about('of events'));

const acknowledgement = {
  by: Type.String(about('who looks after it')),
  at: time('when he said so'),
  comment: Type.Optional(Type.String()),
};

export const alertChannelsSchema = Type.Object({
  channels: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: Type.Enum(['webhook', 'mail', 'syslog', 'mqtt']),
      where: Type.String(about('where messages go, without what is as good as a password')),
      sent: count('messages that the receiver has taken'),
      failed: count('messages that it has not taken; what they told is told later'),
      dropped: count('events that there was no room for'),
      muted: count('events that came and went while they were muted'),
      waiting: count('events of which there is something to tell'),
      lastSent: Type.Optional(time('when the receiver last took a message')),
      problem: Type.Optional(Type.String(about('why the last message was not taken'))),
      messages: Type.Array(
        Type.Object({
          at: time('when it was sent'),
          title: Type.String(),
          events: count('events that it told of; 0: a test'),
          ok: Type.Boolean(about('whether the receiver has taken it')),
          what: Type.String(about('what it said, or why it has not')),
        }),
        about('the last ones since the start of the collector, the newest first'),
      ),
    }),
  ),
  routes: Type.Array(
    Type.Object({
      kinds: Type.Optional(Type.Array(kind)),
      atLeast: Type.Optional(
        Type.Array(
          Type.Object({
            size: Type.Number(about('how far from what is usual')),
            unit: Type.Enum(units, about('of the size')),
          }),
        ),
      ),
      times: Type.Optional(Type.Number(about('how many times what is usual, or what part of it'))),
      channels: Type.Array(Type.String()),
    }),
    about('which events go to which channels: the first that fits says so; what fits none goes to all'),
  ),
  events: Type.Array(
    Type.Object({
      id: Type.String(about('of the event')),
      told: Type.Array(Type.Object({ channel: Type.String(), at: time('when it was last told of it') })),
      mutes: Type.Array(Type.String(about('id of a mute by which nobody is told of it'))),
      acknowledged: Type.Optional(Type.Object(acknowledgement)),
    }),
    about('events that go on, or of which not everybody knows yet that they are over'),
  ),
});

export const alertTestSchema = Type.Object({
  results: Type.Array(
    Type.Object({
      channel: Type.String(),
      where: Type.String(),
      ok: Type.Boolean(about('whether the receiver has taken the message')),
      what: Type.String(about('what it said, or why it has not')),
    }),
  ),
});

export const muteSchema = Type.Object({
  id: Type.String(),
  kind: Type.Optional(kind),
  subject: Type.Optional(Type.String(about('name of the subject'))),
  filter: Type.Optional(Type.String(about('that all of the subject fits'))),
  until: Type.Optional(time('when it ends')),
  by: Type.Optional(Type.String(about('who said so; absent: the configuration'))),
  comment: Type.Optional(Type.String()),
});

export const mutesSchema = Type.Object({ mutes: Type.Array(muteSchema) });

export const acknowledgedSchema = Type.Object({
  acknowledged: Type.Array(
    Type.Object({
      id: Type.String(about('of the event')),
      kind,
      subject: Type.String(about('its name')),
      ...acknowledgement,
    }),
  ),
});
