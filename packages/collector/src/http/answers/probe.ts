/** Schemas of what the routes of routes/probe.ts answer: what a probe says of itself. */
import Type, { type TSchemaOptions } from 'typebox';

const about = (description: string): TSchemaOptions => ({ description });
const keys = (description: string) => Type.Array(Type.String(), about(description));

export const probesSchema = Type.Object({
  probes: Type.Array(
    Type.Object({
      name: Type.String(),
      where: Type.String(about('where it is asked')),
      tokenFile: Type.Optional(
        Type.String(about('of the collector, with the token that it is asked with; absent: it needs none')),
      ),
    }),
  ),
});

const problemSchema = Type.Object({
  key: Type.String(),
  level: Type.Enum(['error', 'warning'], about('a warning is no reason to refuse')),
  message: Type.String(),
  item: Type.Optional(Type.String(about('which of several values of a list'))),
});

const previewSchema = Type.Object({
  templates: Type.Array(
    Type.Object({
      name: Type.String(about('kind of Flow Record: tcp4, tcp4-interim, tcp4-nat, udp4, icmp4, tcp6, udp6, nat4')),
      fields: Type.Array(Type.String()),
      recordOctets: Type.Integer(about('of a Data Record, without what has a variable length')),
      templateOctets: Type.Integer(about('of its Template Record')),
    }),
  ),
  load: Type.Array(
    Type.Object({
      collector: Type.String(),
      recordsPerSecond: Type.Union([Type.Number(), Type.Null()], about('null: nothing has been counted yet')),
      bitsPerSecond: Type.Union([Type.Number(), Type.Null()]),
    }),
    about('what each collector is expected to get'),
  ),
  countedSeconds: Type.Integer(about('that the expected load was counted over')),
  notes: Type.Array(Type.String(), about('what the expectation does not know: filter, namespace, netflow-v9')),
});

const settingSchema = Type.Object({
  value: Type.Unknown(about('as configured; null: nothing, and there is no default')),
  source: Type.Enum(
    ['default', 'file', 'environment', 'option'],
    about('options and environment hold against the file'),
  ),
  defaultValue: Type.Unknown(),
});

const stateProperties = {
  version: Type.String(),
  file: Type.Union([Type.String(), Type.Null()], about('of the configuration; null: there is none to write to')),
  revision: Type.String(about('of the file: a change names the one that it was made from')),
  schema: Type.Unknown(about('JSON Schema of all settings, with help and defaults')),
  settings: Type.Record(Type.String(), settingSchema),
  yaml: Type.String(about('what the file says of the probe')),
  changeable: keys('that a running probe takes over'),
  needRestart: keys('whose new value waits for the next start of the probe'),
  canUndo: Type.Boolean(),
  canRestart: Type.Optional(
    Type.Boolean(about('the probe can be started again from here; absent: it is too old to tell')),
  ),
  preview: previewSchema,
};

export const probeStateSchema = Type.Object(stateProperties);

export const probeCheckSchema = Type.Object({
  problems: Type.Array(problemSchema),
  applied: keys('that change at once'),
  needRestart: keys('that change with the next start of the probe'),
  yaml: Type.String(about('what the file would say of the probe')),
  preview: previewSchema,
});

export const probeChangedSchema = Type.Object({
  applied: keys('that have changed'),
  needRestart: keys('that change with the next start of the probe'),
  state: probeStateSchema,
});

export const probeFindingsSchema = Type.Object({
  findings: Type.Array(
    Type.Object({
      id: Type.String(),
      level: Type.Enum(['ok', 'note', 'problem', 'fatal']),
      what: Type.String(),
      meaning: Type.String(),
      command: Type.Optional(Type.String(about('that mends it'))),
      fixable: Type.Boolean(about('mend does it')),
      namespace: Type.Optional(Type.String(about('network namespace, where there are several'))),
    }),
  ),
  changes: Type.Array(Type.String(), about('what was mended, a line each')),
});
