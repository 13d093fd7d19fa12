import Type from 'typebox';
import { about, count, octet, optional, port, time } from './parts.js';

const nat = 'after network address translation, only where it differs';

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
