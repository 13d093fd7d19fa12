import { type StaticDecode, type TProperties, Type } from 'typebox';
import { type TopologySpec, topologySchema } from '../topology/schema.js';
import { duration, octets, rate } from './units.js';

const strict = <T extends TProperties>(properties: T, description: string) =>
  Type.Object(properties, { additionalProperties: false, description });

const count = (description: string, fallback = 1, maximum = 1_000_000) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum, default: fallback, description }));

/** Between which nodes, and over which version of IP. */
const nodes = {
  from: Type.String({ description: 'The node that begins.' }),
  to: Type.String({ description: 'The node that is addressed.' }),
};
const ends = {
  ...nodes,
  family: Type.Optional(Type.Union([Type.Literal(4), Type.Literal(6)], { default: 4, description: 'IP version.' })),
};

/** Kinds of traffic. Each sender writes down what it really sent. */
export const trafficKinds = {
  transfer: strict(
    {
      ...ends,
      upload: octets('From the node that begins, behind 16 octets that say what is to come.'),
      download: octets('Back to it.'),
      rate: Type.Optional(rate('Of the upload, without headers, in even steps of 20 ms. Default: as fast as it goes.')),
      connections: count('So many at once.', 1, 1000),
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
    { ...nodes, flows: count('How many.'), octets: octets('Of each payload.') },
    'UDP flows of one packet that nobody answers, as fast as the kernel takes them. IPv4, to a silent node.',
  ),
  unanswered: strict(
    { ...ends, flows: count('How many.', 1, 20_000) },
    'TCP connection attempts that nobody answers, to a silent node.',
  ),
  ping: strict({ ...ends, count: count('Echo requests.', 3, 1000) }, 'ICMP or ICMPv6 echo.'),
  sctp: strict({ ...ends, flows: count('Associations.', 1, 20_000) }, 'SCTP associations, set up and shut down.'),
  ftp: strict({ ...nodes, octets: octets('Of the file.') }, 'An FTP session with its related data connection. IPv4.'),
  scan: strict(
    { ...ends, ports: count('How many.', 100, 65_535) },
    'A SYN to each port from 1 on; closed ones answer by RST.',
  ),
  'extension-headers': strict(
    {
      ...nodes,
      flows: count('How many.'),
      fragments: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 8, default: 1, description: 'Each request comes in so many.' }),
      ),
    },
    'UDP requests over IPv6 behind hop-by-hop and destination options, answered without.',
  ),
  replay: strict(
    { ...nodes, file: Type.String({ description: 'Capture (pcap or pcapng), beside the scenario file.' }) },
    'A capture, replayed: what has an address of one of the two nodes as its source is sent from there.',
  ),
  saturate: strict(
    { ...ends, seconds: Type.Integer({ minimum: 1, maximum: 60 }) },
    'One TCP connection as fast as the machine can, without and with the subject: the throughput it takes away.',
  ),
};

export type TrafficKind = keyof typeof trafficKinds;
type Decoded<K extends TrafficKind> = StaticDecode<(typeof trafficKinds)[K]>;

/** What a step of a kind says: units read, and all but the rate filled in. */
export type StepOf<K extends TrafficKind> = Required<Omit<Decoded<K>, 'rate'>> &
  Pick<Decoded<K>, Extract<keyof Decoded<K>, 'rate'>>;

/** One step of a scenario's traffic, exactly one key: a kind of traffic, `wait` (milliseconds), or `together` (steps at once). */
export type TrafficStep =
  | { [K in TrafficKind]: { [P in K]: StepOf<K> } }[TrafficKind]
  | { wait: number }
  | { together: TrafficStep[] };

const single = Object.entries(trafficKinds).map(([kind, schema]) => strict({ [kind]: schema }, kind));
const wait = strict({ wait: duration('Nothing is sent meanwhile.') }, 'A pause.');
const flat = Type.Union([...single, wait]);
const step = Type.Union([
  ...single,
  wait,
  strict({ together: Type.Array(flat, { minItems: 1 }) }, 'Steps that begin at once.'),
]);

/** How far a subject may be from the truth; what is left out is the default. */
const expectations = strict(
  {
    lost: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Flows without a record.' })),
    duplicated: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Flows told more than once.' })),
    invented: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Records of flows that were not.' })),
    octets: Type.Optional(octets('Largest error of one flow and direction. Default: 0.', { default: 0 })),
    packets: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Likewise.' })),
    start: Type.Optional(duration('Largest error of the first packet. Default: 20 ms.', { default: 20 })),
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

export type Expectations = StaticDecode<typeof expectations>;

/** A scenario as it is run: units read, defaults filled in, the topology and files found. */
export interface Scenario {
  description: string;
  topology: TopologySpec;
  meter: string;
  'active-timeout': number;
  timeouts: Record<string, number>;
  traffic: TrafficStep[];
  end: 'destroy' | 'expire';
  /** All but smoothness is there. */
  expect: Required<Omit<Expectations, 'smoothness'>> & Pick<Expectations, 'smoothness'>;
}
