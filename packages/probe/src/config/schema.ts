import { type Static, Type } from 'typebox';

/**
 * The probe's configuration: one schema for defaults, validation, `weir probe --help` and the documentation. Keys are the
 * long options of the command.
 */
export const probeSchema = Type.Object(
  {
    collector: Type.Array(Type.String(), {
      default: ['udp://127.0.0.1:4739'],
      minItems: 1,
      description:
        'Where to export to: udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT, sctp://HOST:PORT (where the kernel has SCTP), file:PATH (IPFIX file) or file:- (standard output). May be repeated. Parameters follow as ?NAME=VALUE&...: version (udp: 10, 9, 5), source (address to send from), mtu (udp), ca, cert, key, name, tls (tls; the oldest version spoken: 1.3 or 1.2), rotate (seconds) and rotate-octets (file).',
    }),
    distribute: Type.Union([Type.Literal('all'), Type.Literal('failover'), Type.Literal('balance')], {
      default: 'all',
      description:
        'Which collectors get a Flow: all of them; failover: the first that is there; balance: one of them, by the Flow Key.',
    }),
    'template-refresh-interval': Type.Number({
      default: 10,
      minimum: 1,
      maximum: 86_400,
      description: 'Seconds after which the Templates are sent again over UDP.',
    }),
    'template-refresh-messages': Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 4_294_967_295,
      description: 'Messages after which the Templates are sent again over UDP, if that is sooner.',
    }),
    spool: Type.Optional(
      Type.String({
        description:
          'Directory where Messages for a collector over TCP or TLS wait while it is away; "none": nowhere. Default: /var/lib/weir/spool as root, else none.',
      }),
    ),
    'spool-size': Type.Integer({
      default: 1_073_741_824,
      minimum: 1_048_576,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'Octets that may wait in the spool for each collector; beyond them the oldest are dropped and counted.',
    }),
    'active-timeout': Type.Number({
      default: 60,
      minimum: 1,
      maximum: 86_400,
      description: 'Seconds after which a Flow that goes on is reported, and again each time.',
    }),
    source: Type.Union([Type.Literal('auto'), Type.Literal('ctnetlink'), Type.Literal('kernel')], {
      default: 'auto',
      description:
        'Where connections are metered: kernel (programs in the kernel write the records), ctnetlink (the kernel tells the probe of them), or auto: the kernel meter where it can be had.',
    }),
    domain: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: 4_294_967_295,
      description: 'Observation Domain ID of the exported Messages.',
    }),
    'event-buffer': Type.Integer({
      default: 8_388_608,
      minimum: 4096,
      maximum: 1_073_741_824,
      description: 'Octets of kernel memory for DESTROY events that wait to be read. Not of the kernel meter.',
    }),
    reliable: Type.Boolean({
      default: true,
      description:
        'Let the kernel keep and redeliver events that do not fit the buffer, instead of dropping (and counting) them. Not of the kernel meter.',
    }),
    'flow-table-entries': Type.Integer({
      default: 262_144,
      minimum: 64,
      maximum: 16_777_216,
      description:
        'Live connections that can have interim reports; others are exported at their end only. 160 octets each; with the kernel meter about 450 each of the kernel’s memory, from the start, and no more of them than nf_conntrack_max.',
    }),
    fields: Type.String({
      default: 'default',
      description:
        'What Flow Records hold: default, full, netflow-v5-fields, nat-log (translations in place of traffic, RFC 8158), or names of Information Elements with commas between them.',
    }),
    'tcp-events': Type.Boolean({
      default: true,
      description:
        'Listen to changes of state of TCP connections, for handshake round trips and states. Costs about 15 microseconds of processor time a TCP connection by ctnetlink.',
    }),
    'as-table': Type.Optional(
      Type.String({
        description:
          'File of AS numbers: "PREFIX ASN", "PREFIX,ASN" or "FIRST<tab>LAST<tab>ASN" a line; the longest prefix wins.',
      }),
    ),
    filter: Type.Optional(
      Type.String({
        description:
          'Export only Flow Records that fit, for example: net 10.0.0.0/8 and not port 53. An interim report is judged by what it says itself.',
      }),
    ),
    sample: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Export one of so many Flows, chosen by a hash (RFC 7014), with all its records. 1 is all.',
    }),
    anonymise: Type.Optional(
      Type.String({
        description:
          'Change all addresses and leave out MAC addresses: truncate:BITS,BITS keeps the first bits (IPv4, IPv6); crypto-pan:KEYFILE replaces addresses and keeps common prefixes.',
      }),
    ),
    'anonymise-networks': Type.Array(Type.String(), {
      default: [],
      description: 'Prefixes: anonymise addresses of these networks only. May be repeated.',
    }),
    state: Type.Optional(
      Type.String({
        description:
          'File that remembers what has been exported, so that a restart exports nothing twice. Default: below /run/weir.',
      }),
    ),
    namespace: Type.Array(Type.String(), {
      default: ['self'],
      minItems: 1,
      description:
        'Network namespace to meter, NAME or NAME=DOMAIN: a name of "ip netns list", a path such as /proc/PID/ns/net, or self for the one the probe runs in. May be repeated; each is an Observation Domain, by default a number made of its name, and for self that of --domain.',
    }),
    mend: Type.Boolean({
      default: false,
      description:
        'Switch on what metering needs where it is off, put the nft table back when something removes it, and restore everything at the end. "weir up" does.',
    }),
    metrics: Type.Optional(
      Type.String({
        description:
          'HOST:PORT on which to serve metrics for Prometheus, at /metrics. Beyond loopback it needs --metrics-token-file.',
      }),
    ),
    'metrics-token-file': Type.Optional(
      Type.String({
        description: 'File with the token that readers of the metrics have to send ("Authorization: Bearer TOKEN").',
      }),
    ),
    control: Type.Optional(
      Type.String({
        description:
          'Where the probe can be set up from elsewhere: unix:PATH (with ?group=GROUP also by that group), http://HOST:PORT on loopback, or https://HOST:PORT?cert=FILE&key=FILE. HTTP needs --control-token-file. "weir up" has a socket of its own for its pages.',
      }),
    ),
    'control-token-file': Type.Optional(
      Type.String({
        description:
          'File with the token that who sets the probe up has to send ("Authorization: Bearer TOKEN"), 16 characters at least.',
      }),
    ),
    'log-format': Type.Union([Type.Literal('text'), Type.Literal('json')], {
      default: 'text',
      description: 'Log lines as text, or as JSON: one object a line with time, level and message.',
    }),
  },
  { additionalProperties: false },
);

export type ProbeConfig = Static<typeof probeSchema>;
