import Type from 'typebox';
import { about, exact, optional } from './parts.js';

/** A line of /api/v1/groups: beside these, the fields asked for, by the names they were asked by. */
export const groupLineSchema = Type.Object(
  {
    flows: exact('flows, not records; a number beyond 2^53-1 is text'),
    octets: exact('sum'),
    packets: exact('sum'),
    reverseOctets: exact('sum'),
    reversePackets: exact('sum'),
    error: optional(
      Type.Number({ minimum: 0, description: 'of an estimate: the relative standard error of its octets' }),
    ),
  },
  {
    ...about(
      'one group: the fields asked for by their names, null where a record has none, and its sums; beside the number of an interface, as inif, its name where the exporter has told it, as inifName',
    ),
    additionalProperties: true,
  },
);
