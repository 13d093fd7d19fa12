import { expect, test } from 'vitest';
import { decodeRecords } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import { Recorder } from '../testing/messages.js';
import { netflow5 } from '../testing/netflow.js';

/** 48 octets, each its own offset and so telling where it was read. */
const FLOW = Uint8Array.from({ length: 48 }, (_, i) => i);

function decode(session: TransportSession, ...messages: Uint8Array[]): Recorder {
  const recorder = new Recorder();
  for (const message of messages) session.decode(message, recorder);
  return recorder;
}

test('every field is where it belongs', () => {
  const header = { sysUpTime: 5000, seconds: 1_700_000_000, nanoseconds: 250_999_999, sequence: 7, domain: 0x0102 };
  const recorder = decode(new TransportSession(), netflow5(header, [FLOW]));
  expect(recorder.events).toEqual(['data 5']);
  expect(recorder.sets[0]!.header).toEqual({
    version: 5,
    length: 72,
    exportTime: 1_700_000_000,
    sequence: 7,
    observationDomainId: 0x0102,
    sysUpTime: { milliseconds: 5000, at: 1_700_000_000_250 },
  });
  expect(decodeRecords(recorder.sets[0]!)).toEqual([
    {
      record: {
        sourceIPv4Address: '0.1.2.3',
        destinationIPv4Address: '4.5.6.7',
        ipNextHopIPv4Address: '8.9.10.11',
        ingressInterface: 0x0c0d,
        egressInterface: 0x0e0f,
        packetDeltaCount: 0x10111213,
        octetDeltaCount: 0x14151617,
        flowStartSysUpTime: 0x18191a1b,
        flowEndSysUpTime: 0x1c1d1e1f,
        sourceTransportPort: 0x2021,
        destinationTransportPort: 0x2223,
        tcpControlBits: 0x25,
        protocolIdentifier: 0x26,
        ipClassOfService: 0x27,
        bgpSourceAsNumber: 0x2829,
        bgpDestinationAsNumber: 0x2a2b,
        sourceIPv4PrefixLength: 0x2c,
        destinationIPv4PrefixLength: 0x2d,
      },
    },
  ]);
});

test('sampling in the header is an Options Data Record, and counts as no flow', () => {
  const session = new TransportSession();
  const recorder = decode(session, netflow5({ domain: 0x0102, sampling: 0x8064 }, [FLOW, FLOW]));
  expect(recorder.events).toEqual(['data 6', 'data 5']);
  expect(decodeRecords(recorder.sets[0]!)).toEqual([
    { scope: { engineType: 1, engineId: 2 }, record: { samplingAlgorithm: 2, samplingInterval: 100 } },
  ]);
  expect(session.counters.records).toBe(2);
  // A mode without an interval is no sampling.
  expect(decode(session, netflow5({ sampling: 0x4000 }, [FLOW])).events).toEqual(['data 5']);
});

test('the sequence counts flows, in each engine', () => {
  const session = new TransportSession();
  const message = (domain: number, sequence: number) => netflow5({ domain, sequence }, [FLOW, FLOW]);
  decode(session, message(0, 0), message(1, 100), message(0, 2), message(1, 105));
  expect(session.counters).toMatchObject({ lostRecords: 3, lostMessages: 0, records: 8 });
  const restored = TransportSession.restore(JSON.parse(JSON.stringify(session.save())));
  decode(restored, message(0, 5));
  expect(restored.counters.lostRecords).toBe(1);
});

test('a count that is too large yields the flows that are there', () => {
  const session = new TransportSession();
  const message = netflow5({ count: 3 }, [FLOW, FLOW]);
  expect(decode(session, message).events).toEqual(['data 5', 'message-length']);
  expect(decode(session, message.subarray(0, 80)).sets[0]).toMatchObject({ start: 24, end: 72 });
  expect(session.counters).toMatchObject({ records: 3, malformedMessages: 2, lostRecords: 0 });
});

test('what is behind the flows is told, zeros are not', () => {
  const message = netflow5({}, [FLOW]);
  const longer = new Uint8Array(message.length + 48);
  longer.set(message);
  expect(decode(new TransportSession(), longer).events).toEqual(['data 5']);
  longer[80] = 1;
  expect(decode(new TransportSession(), longer).events).toEqual(['data 5', 'trailing-octets']);
});

test('a header that is cut off, and one without flows', () => {
  const session = new TransportSession();
  const message = netflow5({}, [FLOW]);
  for (let length = 2; length < 24; length++) {
    expect(decode(session, message.subarray(0, length)).events).toEqual(['message-short']);
  }
  expect(decode(session, message.subarray(0, 30)).events).toEqual(['message-length']);
  expect(decode(session, netflow5({}, [])).events).toEqual([]);
  expect(session.counters).toMatchObject({ malformedMessages: 23, records: 0 });
});
