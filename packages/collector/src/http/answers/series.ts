import Type from 'typebox';
import { about, time } from './parts.js';

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
