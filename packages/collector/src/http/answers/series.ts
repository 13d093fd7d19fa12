import Type from 'typebox';
import { about, optional, time } from './parts.js';

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

const groupedRates = { inOctets: rates('octets'), outOctets: rates('octets') };

export const seriesBySchema = Type.Object(
  {
    step: Type.Number(about('length of a bucket in seconds')),
    times: Type.Array(time(), about('start of each bucket')),
    groups: Type.Array(
      Type.Object({
        value: Type.Union([Type.String(), Type.Number(), Type.Null()], {
          description: 'of the field asked for; null where records have none; a number beyond 2^53-1 is text',
        }),
        name: optional(Type.String(about('of an interface, where its exporter has told it'))),
        ...groupedRates,
      }),
      about('of the largest values, those with the most octets of both directions first'),
    ),
    others: Type.Object(groupedRates, about('of all other values together')),
  },
  about(
    "the octets of /api/v1/series told apart by a field: groups and others add up to it, except that what several exporters tell of the same Flow counts several times where the field is each exporter's own",
  ),
);
