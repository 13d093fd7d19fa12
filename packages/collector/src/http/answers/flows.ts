import Type from 'typebox';
import { about, count, octet, optional, port, time } from './parts.js';

const nat = 'after network address translation, only where it differs';

export const flowRowSchema = Type.Object(
  {
    id: Type.String(about('identity of the Flow within this collector, for /api/v1/session')),
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
    columns: optional(
      Type.Record(
        Type.String(),
        Type.Unknown(),
        about(
          'the further fields that were asked for, by their names, as in /api/v1/groups; of each the value of the newest record that has one, of counters the sum, of flags those of all records; a field that no record has is absent; beside the number of an interface, as inif, its name where the exporter has told it, as inifName',
        ),
      ),
    ),
  },
  about('one Flow with its interim reports summed; absent means that no record said so'),
);

export const flowsResponseSchema = Type.Object({
  flows: Type.Array(flowRowSchema),
  next: optional(Type.String(about('`after` of the request that goes on; absent at the end'))),
});
