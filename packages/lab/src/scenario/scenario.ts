import { type Static, type TProperties, Type } from 'typebox';
import { topologySchema } from '../topology/schema.js';

const strict = <T extends TProperties>(properties: T, description: string) =>
  Type.Object(properties, { additionalProperties: false, description });

const octets = (description: string) =>
  Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^[0-9.]+ ?[kMG]?B$' })], { description });
const rate = Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: '^[0-9.]+ ?[kMG]?B/s$' })], {
  description: 'Octets a second of the application, for example 1 MB/s; without it as fast as it goes.',
});
const duration = (description: string) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^[0-9.]+ ?(ms|s)$' })], { description });
const count = (description: string, fallback = 1) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: fallback, description }));

/** Between which nodes, and over which version of IP. */
const ends = {
  from: Type.String({ description: 'The node that begins.' }),
  to: Type.String({ description: 'The node that is addressed.' }),
  family: Type.Optional(Type.Union([Type.Literal(4), Type.Literal(6)], { default: 4, description: 'IP version.' })),
};

/** Kinds of traffic. Each sender writes down what it really sent. */
const kinds = {
  transfer: strict(
    {
      ...ends,
      upload: octets('From the node that begins.'),
      download: octets('Back to it.'),
      rate: Type.Optional(rate),
      connections: count('So many at once.'),
    },
    'TCP connections with exactly so many octets each way, closed by FIN.',
  ),
  reset: strict({ ...ends, upload: octets('Before the reset.') }, 'A TCP connection that is reset.'),
  idle: strict({ ...ends, upload: octets('Before the silence.') }, 'A TCP connection that stays open and silent.'),
  requests: strict(
    { ...ends, flows: count('How many.'), octets: octets('Of each request and each answer.') },
    'UDP flows of one request and one answer.',
  ),
  flood: strict(
    { ...ends, flows: count('How many.'), octets: octets('Of each payload.') },
    'UDP flows of one packet that nobody answers, as fast as the kernel takes them. IPv4.',
  ),
  unanswered: strict({ ...ends, flows: count('How many.') }, 'TCP connection attempts that nobody answers.'),
  ping: strict({ ...ends, count: count('Echo requests.', 3) }, 'ICMP or ICMPv6 echo.'),
  sctp: strict({ ...ends, flows: count('Associations.') }, 'SCTP associations, set up and shut down.'),
  ftp: strict({ ...ends, octets: octets('Of the file.') }, 'An FTP session with its related data connection.'),
  scan: strict({ ...ends, ports: count('So many, from 1 on.', 100) }, 'A SYN to each port; closed ones answer by RST.'),
  'extension-headers': strict(
    { ...ends, flows: count('How many.') },
    'UDP over IPv6 behind hop-by-hop, destination options and fragment headers.',
  ),
  replay: strict(
    { ...ends, file: Type.String({ description: 'Capture, beside the scenario file.' }) },
    'A capture, replayed.',
  ),
  saturate: strict(
    { ...ends, seconds: Type.Integer({ minimum: 1, maximum: 60 }) },
    'One TCP connection as fast as the machine can, without and with the subject: the throughput it takes away.',
  ),
};

export type TrafficKind = keyof typeof kinds;
type StepOf<K extends TrafficKind> = { [P in K]: Static<(typeof kinds)[P]> };

/** One step of a scenario's traffic, exactly one key: a kind of traffic, `wait`, or `together` (steps at once). */
export type TrafficStep =
  | { [K in TrafficKind]: StepOf<K> }[TrafficKind]
  | { wait: number | string }
  | { together: TrafficStep[] };

const single = Object.entries(kinds).map(([kind, schema]) => strict({ [kind]: schema }, kind));
const wait = strict({ wait: duration('Nothing is sent meanwhile.') }, 'wait');
const flat = Type.Union([...single, wait]);
const step = Type.Union([...single, wait, strict({ together: Type.Array(flat, { minItems: 1 }) }, 'together')]);

/** How far a subject may be from the truth; what is left out is the default. */
const expectations = strict(
  {
    lost: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Flows without a record.' })),
    duplicated: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Flows told more than once.' })),
    invented: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Records of flows that were not.' })),
    octets: Type.Optional(octets('Largest error of one flow and direction. Default: 0.')),
    packets: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Likewise.' })),
    start: Type.Optional(duration('Largest error of the first packet. Default: 20 ms.')),
    end: Type.Optional(
      duration('Largest error of the last packet. Default: 20 ms where flows expire, 1.1 s where they are destroyed.'),
    ),
    smoothness: Type.Optional(
      Type.Number({ minimum: 1, description: 'Largest bucket of a steady flow by the median; not judged by default.' }),
    ),
    malformed: Type.Optional(
      Type.Integer({ minimum: 0, default: 0, description: 'Datagrams that tshark complains of.' }),
    ),
  },
  'How far a subject may be from the truth.',
);

/** A scenario file: a network, traffic in it, where it is metered, and what has to come out. */
export const scenarioSchema = strict(
  {
    description: Type.String({ minLength: 1, description: 'One line for "weir lab list".' }),
    topology: Type.Union([Type.String(), topologySchema], {
      description: 'Name of a shipped topology, or a topology.',
    }),
    meter: Type.String({ description: 'The node that the subject runs on.' }),
    'active-timeout': Type.Optional(Type.Integer({ minimum: 1, default: 60, description: 'Seconds.' })),
    timeouts: Type.Optional(
      Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
        description: 'net.netfilter.nf_conntrack_NAME of the metered node, in seconds, for example udp_timeout: 3.',
      }),
    ),
    traffic: Type.Array(step, { minItems: 1, description: 'One step after the other.' }),
    end: Type.Optional(
      Type.Union([Type.Literal('destroy'), Type.Literal('expire')], {
        default: 'destroy',
        description: 'destroy: all connections are removed at once; expire: each ends by its timeout.',
      }),
    ),
    expect: Type.Optional(expectations),
  },
  'A scenario of the lab.',
);

export type Scenario = Omit<Static<typeof scenarioSchema>, 'traffic'> & { traffic: TrafficStep[] };
export type Expectations = Static<typeof expectations>;
