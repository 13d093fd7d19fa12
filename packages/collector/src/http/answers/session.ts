import Type from 'typebox';
import { flowRowSchema } from './flows.js';
import { about, count, octet, optional, time } from './parts.js';

const flags = () => Type.Integer({ minimum: 0, maximum: 65_535 });

export const sessionRecordSchema = Type.Object(
  {
    exporter: Type.String(),
    observationDomainId: count(),
    begin: time('from when the counters count'),
    end: time('last packet'),
    exportTime: time(),
    octets: optional(count('since the record before, also where the exporter counts from the beginning of the Flow')),
    packets: optional(count()),
    reverseOctets: optional(count()),
    reversePackets: optional(count()),
    flowEndReason: optional(octet('1 idle, 2 active (the Flow goes on), 3 end detected, 4 forced, 5 resources')),
    tcpControlBits: optional(flags()),
    reverseTcpControlBits: optional(flags()),
    duplicate: Type.Boolean(about('another exporter tells the same, and sums take its record')),
  },
  about('one record of the Flow; absent means that it does not say so'),
);

export const sessionStateSchema = Type.Object(
  {
    at: time('when the state began, where `exact`; else by when it had been seen'),
    exact: Type.Boolean(),
    state: Type.String(about('as the kernel calls it: SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT, ...')),
  },
  about('a TCP state of connection tracking'),
);

export const observerSchema = Type.Object(
  {
    exporter: Type.String(),
    observationDomainId: count(),
    octets: optional(count('in the direction of the Flow')),
    packets: optional(count()),
    reverseOctets: optional(count()),
    reversePackets: optional(count()),
    ingressInterface: optional(count('of the direction of the Flow')),
    ingressInterfaceName: optional(Type.String()),
    egressInterface: optional(count()),
    egressInterfaceName: optional(Type.String()),
  },
  about('an Observation Domain that tells of the Flow, in whichever direction, before or after a translation'),
);

export const sessionSchema = Type.Object(
  {
    flow: flowRowSchema,
    records: Type.Array(sessionRecordSchema, about('by time; the newest 1000')),
    more: Type.Boolean(about('there are earlier records')),
    roundTrip: optional(Type.Number(about('milliseconds of the TCP handshake, both ways'))),
    closedBy: optional(
      Type.Enum(
        ['initiator', 'responder', 'both', 'reset', 'timeout'],
        about(
          'how the Flow ended: the side whose FIN was the first or the only one; both, where both sent one and it is not known which was first; absent where the Flow goes on or its records do not tell',
        ),
      ),
    ),
    states: optional(Type.Array(sessionStateSchema, about('absent where the exporter does not tell states'))),
    seenBy: Type.Array(observerSchema, about('that of the Flow first')),
    related: Type.Array(
      flowRowSchema,
      about(
        'the connection that this one belongs to and those that belong to it, as an FTP data connection belongs to its control connection; where the exporter tells of none, Flows of the same two hosts at the same time; the newest 20',
      ),
    ),
  },
  about('one Flow, rebuilt from its records'),
);
