import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Result, type Routine, type RoutineCase, runCase } from '@weir/lab';
import { Exporter, NO_REFRESH } from '../../../packages/probe/dist/exporting/exporter.js';
import { parseFields } from '../../../packages/probe/dist/exporting/field-selection.js';
import { FlowTemplates } from '../../../packages/probe/dist/exporting/flow-templates.js';
import { IpfixEncoder } from '../../../packages/probe/dist/exporting/ipfix-encoder.js';
import { batchOf } from '../../../packages/probe/dist/exporting/testing/batches.js';
import { flow } from '../../../packages/probe/dist/exporting/testing/fakes.js';
import type { MessageSink } from '../../../packages/probe/dist/host/host.js';
import { addressOf } from '../../../packages/probe/dist/host/libc.js';
import { NodeHost } from '../../../packages/probe/dist/host/node.js';
import { UdpSink } from '../../../packages/probe/dist/sending/udp-sink.js';

const UNIT = 'records/s per core';
const RECORDS = 4096;

/** TCP and UDP as they come, a third of it translated, with interfaces and class of service. */
const flows = Array.from({ length: RECORDS }, (_, i) =>
  flow({
    flowId: i,
    ...(i % 5 < 3 ? { protocol: 6, tcpState: 7, tcpStateHistory: 0x9e } : { protocol: 17 }),
    translated: i % 3 === 0,
    ingressInterface: 2,
    egressInterface: 3,
    classOfService: 0,
  }),
);

/** Flow Records into Messages of the usual size, and these to a transport; or the same as Data Records that are finished. */
export async function* recordsBench(): AsyncGenerator<Result[]> {
  yield runCase('records', caseOf('into Messages that nobody sends', nowhere));
  const receiver = createSocket('udp4');
  receiver.bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  // Its buffer is full soon: what the receiver costs is not measured.
  const { port } = receiver.address();
  yield runCase(
    'records',
    caseOf('over UDP to loopback', gathers => udp(port, gathers)),
  );
  receiver.close();
}

function caseOf(name: string, sink: (gathers: boolean) => MessageSink): RoutineCase {
  const batch = batchOf(flows, addressOf);
  const records = (exporter: Exporter) => exporter.exportRecords(batch);
  const subjects = [
    routine('Data Records, gathered', sink(true), records),
    routine('Data Records, copied', sink(false), records),
    routine('Flow Records', sink(false), exporter => {
      for (const each of flows) exporter.export(each);
    }),
  ];
  return { name, unit: UNIT, subjects };
}

function routine(name: string, sink: MessageSink, give: (exporter: Exporter) => void): Routine {
  const encoder = new IpfixEncoder(1, new FlowTemplates(parseFields('default')));
  const exporter = new Exporter(encoder, sink, new NodeHost().clock, NO_REFRESH);
  const run = () => {
    give(exporter);
    exporter.flush();
  };
  return { name, operations: RECORDS, run };
}

function nowhere(gathers: boolean): MessageSink {
  const sink: MessageSink = {
    messageOctets: 1400,
    keeps: false,
    room: () => Number.POSITIVE_INFINITY,
    send: (_, __, ___, count) => count,
    isConnected: () => true,
    wasRefused: () => false,
    close: () => {},
  };
  return gathers ? { ...sink, gathers } : sink;
}

function udp(port: number, gathers: boolean): MessageSink {
  const sink = new UdpSink({ host: new NodeHost(), to: '127.0.0.1', port, log: console.error });
  if (gathers) return sink;
  const { messageOctets } = sink;
  return {
    ...nowhere(false),
    messageOctets,
    send: (bytes, slotOctets, lengths, count) => sink.send(bytes, slotOctets, lengths, count),
  };
}
