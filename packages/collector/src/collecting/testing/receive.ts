// What `weir collect --listen URL` receives, until SIGINT: where there is no room for a store. Flow by flow source, ports and packets, a JSON
// line each, and the counters of sessions that have ended.
import { type DataSet, decodeRecords } from '@weir/ipfix';
import { parseListen } from '../../config/listen.js';
import { type StreamAddress, StreamReceiver } from '../stream-receiver.js';

const say = (what: object): unknown => process.stdout.write(`${JSON.stringify(what)}\n`);

const receiver: StreamReceiver = new StreamReceiver(
  {
    room: () => true,
    message(session, bytes, stream) {
      const { transport } = session;
      const before = transport.counters.malformedMessages;
      const dataSet = (set: DataSet): void => {
        for (const { record } of decodeRecords(set))
          say(
            ['sourceIPv4Address', 'sourceTransportPort', 'destinationTransportPort', 'packetDeltaCount'].map(
              key => record[key],
            ),
          );
      };
      transport.decode(bytes, { dataSet }, stream);
      receiver.judge(session, transport.counters.malformedMessages > before ? 'malformed' : undefined);
    },
    taken() {},
    end: ({ transport }) => say({ session: transport.counters }),
  },
  line => process.stderr.write(`${line}\n`),
);

process.once('SIGINT', () => void receiver.stop());
say({ listening: await receiver.listen(parseListen(process.argv[2] ?? '') as StreamAddress) });
