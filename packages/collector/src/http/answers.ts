/**
 * Schemas of what the HTTP API, version 1, answers: its types (types.ts) and its description (openapi.ts) both come from here.
 * Times are milliseconds since the Unix epoch, rates octets or packets per second, addresses text.
 * Counts are JSON numbers; a count beyond 2^53-1 is rounded here, and exact in /api/v1/records.
 */
import Type, { type TSchema, type TSchemaOptions } from 'typebox';

const count = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });
const time = (description?: string) =>
  Type.Number({
    description: `${description === undefined ? '' : `${description}; `}milliseconds since the Unix epoch`,
  });
const port = () => Type.Integer({ minimum: 0, maximum: 65_535 });
const octet = (description?: string) =>
  Type.Integer({ minimum: 0, maximum: 255, ...(description === undefined ? {} : { description }) });
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema);
const nat = 'after network address translation, only where it differs';
const about = (description: string): TSchemaOptions => ({ description });

export const flowRowSchema = Type.Object(
  {
    id: Type.String(about('stable identity of the Flow within this collector')),
    exporter: Type.String(),
    observationDomainId: count(),
    start: time(),
    end: time('last packet of the Flow, or of its newest interim report'),
    protocol: octet(),
    protocolName: Type.String(about('"tcp", "udp", ... or the number as text')),
    source: Type.String(),
    destination: Type.String(),
    sourcePort: optional(port()),
    destinationPort: optional(port()),
    icmpType: optional(octet()),
    icmpCode: optional(octet()),
    natSource: optional(Type.String(about(nat))),
    natDestination: optional(Type.String(about(nat))),
    natSourcePort: optional(port()),
    natDestinationPort: optional(port()),
    octets: optional(count('absent where the exporter had no counters')),
    packets: optional(count()),
    reverseOctets: optional(count()),
    reversePackets: optional(count()),
    flowEndReason: optional(
      octet('of the newest record: 1 idle, 2 active (the Flow goes on), 3 end detected, 4 forced, 5 resources'),
    ),
    records: count('Flow Records that make up this row'),
  },
  about('one Flow with its interim reports summed; absent means that no record said so'),
);

export const flowsResponseSchema = Type.Object({ flows: Type.Array(flowRowSchema) });

const rates = (what: string) => Type.Array(Type.Number(), about(`${what} per second, one value a bucket`));

export const seriesResponseSchema = Type.Object(
  {
    step: Type.Number(about('length of a bucket in seconds')),
    times: Type.Array(time(), about('start of each bucket')),
    inOctets: rates('octets'),
    outOctets: rates('octets'),
    inPackets: rates('packets'),
    outPackets: rates('packets'),
  },
  about(
    'octets are spread over each record\'s own interval; "in" is towards the local networks, "out" away from them; between two local hosts the initiator counts as the local one; what is summed up already was told apart by the local networks of then',
  ),
);

export const exporterStatusSchema = Type.Object(
  {
    address: Type.String(),
    observationDomainId: count(),
    transport: Type.String(about('"udp", "tcp", "tls", "sctp"')),
    firstSeen: time(),
    lastSeen: time(),
    clockBehind: optional(
      Type.Number(
        about(
          'milliseconds by which its clock is behind ours, negative where it is ahead: the least of some minutes; up to a second, and the time on the way, belong to no clock; absent until a Message has come since the start',
        ),
      ),
    ),
    messages: count(),
    records: count(),
    octets: count(),
    lostRecords: count('Data Records that the sequence numbers say were sent and that never came'),
    lostMessages: optional(
      count(
        'NetFlow v9 datagrams that the sequence numbers say were sent and that never came; absent where none is missing',
      ),
    ),
    droppedDatagrams: optional(
      count(
        'its datagrams that found no room in the raw spool; their records show as lostRecords too; absent where none',
      ),
    ),
    unknownTemplateSets: count('Data Sets whose Template was not known when they came'),
    lateSets: optional(count('of these, those that were read when it came')),
    duplicateRecords: optional(
      count('Flow Records that repeat what another exporter tells, marked `duplicate`; absent where there are none'),
    ),
    malformedMessages: count(),
    templates: count(),
    statistics: optional(
      Type.Record(
        Type.String(),
        Type.Number(),
        about(
          'newest Options Data Record of statistics, keyed by IANA name (or a registered private name); absent if none came',
        ),
      ),
    ),
  },
  about(
    'what an exporter says of itself in Options Data Records (RFC 7011 section 4), and what the collector saw of it',
  ),
);

export const statusSchema = Type.Object({
  version: Type.String(),
  now: time(),
  startedAt: time(),
  listening: Type.Array(Type.String(), about('transport URLs')),
  databases: Type.Array(
    Type.Object({
      topic: Type.Enum(['as', 'country']),
      source: Type.String(about('path of the file, or the package and its version')),
      credit: optional(Type.String(about('whom its licence asks to name; show it where its data are shown'))),
    }),
    about('what AS numbers and countries are looked up in'),
  ),
  store: Type.Object({
    url: Type.String(),
    healthy: Type.Boolean(),
    restarts: count('of the engine'),
    rows: count(),
    octetsOnDisk: count(),
    pendingBatches: count(),
  }),
  spool: Type.Object(
    {
      rawOctets: count('Messages that wait to be decoded'),
      blockOctets: count('blocks that wait for the engine'),
      problem: optional(Type.String(about('why the disk takes nothing now'))),
    },
    about('what waits on disk'),
  ),
  dropped: Type.Object(
    {
      records: count('Flow Records that the store did not take'),
      datagrams: count(
        'at a full receive buffer or raw spool, or of more senders than it keeps sessions for; their records show as lostRecords too',
      ),
    },
    about('what this collector itself had to drop since its start'),
  ),
  halves: optional(
    Type.Object(
      {
        joined: count('pairs that were stored as one Biflow'),
        alone: count('halves stored as they came, because the other did not come in time'),
        early: count('halves stored as they came before their time, because too many waited or names of hosts changed'),
        waiting: count('halves that wait now'),
      },
      about('Flow Records of one direction, where they are joined (join-halves)'),
    ),
  ),
  exporters: Type.Array(exporterStatusSchema),
});

export const namesSchema = Type.Object(
  { as: Type.Record(Type.String(), Type.String(), about('names by AS number; absent where none is known')) },
  about('names of what is stored as a number'),
);

export const storedEventSchema = Type.Object(
  { records: count(), from: time(), to: time() },
  about('a batch has reached the store: its records, and the interval that they cover'),
);

export const errorResponseSchema = Type.Object(
  { error: Type.String(), column: optional(Type.Integer({ minimum: 1, description: 'of a filter: where, from 1' })) },
  about('what is wrong'),
);

/** A line of /api/v1/records. */
export const recordLineSchema = Type.Object(
  {
    exportTime: Type.String(),
    observationDomainId: count(),
    templateId: count(),
    record: Type.Record(
      Type.String(),
      Type.Unknown(),
      about('values by IANA name; integers beyond 2^53-1 are text, times RFC 3339, octetArray hexadecimal'),
    ),
  },
  about('one Flow Record'),
);

const exact = (description: string) => Type.Union([Type.Integer({ minimum: 0 }), Type.String()], { description });

export const interfacesSchema = Type.Object(
  {
    interfaces: Type.Array(
      Type.Object({
        exporter: Type.String(),
        observationDomainId: count(),
        interface: count('its number, as in ingressInterface'),
        name: Type.String(),
        description: Type.String(about('"" where the exporter tells none')),
      }),
    ),
  },
  about('what exporters call their interfaces now'),
);

/** A line of /api/v1/groups: beside these, the fields asked for, by the names they were asked by. */
export const groupLineSchema = Type.Object(
  {
    flows: exact('flows, not records; a number beyond 2^53-1 is text'),
    octets: exact('sum'),
    packets: exact('sum'),
    reverseOctets: exact('sum'),
    reversePackets: exact('sum'),
  },
  {
    ...about(
      'one group: the fields asked for by their names, null where a record has none, and its sums; beside the number of an interface, as inif, its name where the exporter has told it, as inifName',
    ),
    additionalProperties: true,
  },
);

export const importResultSchema = Type.Object({
  messages: count(),
  records: count('Flow Records that are in the store now'),
  lostRecords: count('Data Records that the sequence numbers say were sent and that are not in the file'),
  malformedMessages: count(),
  unknownTemplateSets: count('Data Sets whose Template was not in the file before them'),
  problems: Type.Array(
    Type.Object({
      offset: count('octets from the beginning of the file'),
      reason: Type.String(),
      detail: Type.String(),
    }),
    about('what was left out; the first hundred'),
  ),
});

export const completionSchema = Type.Object(
  {
    from: count(),
    to: count('the part of the text, from `from` to before `to`, counted from 0, is what a suggestion replaces'),
    suggestions: Type.Array(
      Type.Object({
        text: Type.String(),
        kind: Type.Enum(['keyword', 'field', 'operator', 'value']),
        detail: optional(Type.String(about('what it means'))),
      }),
    ),
  },
  about('what can stand at the cursor; nothing where the text before has a mistake'),
);

/** One server-sent event of /api/v1/live; `data` is JSON on one line. */
export const liveEventSchema = Type.Union(
  [
    Type.Object({ event: Type.Literal('status'), data: statusSchema }, about('at the start and once a second')),
    Type.Object({ event: Type.Literal('stored'), data: storedEventSchema }, about('after each stored batch')),
  ],
  about('one event; its data is JSON on one line'),
);
