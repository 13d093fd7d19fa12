import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { Exporter } from '../exporting/exporter.js';
import { parseFields } from '../exporting/field-selection.js';
import { FlowTemplates } from '../exporting/flow-templates.js';
import { IpfixEncoder } from '../exporting/ipfix-encoder.js';
import { batchOf } from '../exporting/testing/batches.js';
import { flow, KeepingSink, ManualClock } from '../exporting/testing/fakes.js';
import type { MessageSink } from '../host/host.js';
import { addressOf } from '../host/libc.js';
import { NodeHost } from '../host/node.js';
import type { FlowRecord } from '../metering/flow-record.js';
import { UdpSink } from './udp-sink.js';

const REFRESH = { milliseconds: 10_000, messages: 1000 };
const host = new NodeHost();
const log = () => {};

function exporterTo(sink: MessageSink): Exporter {
  return new Exporter(new IpfixEncoder(5, new FlowTemplates(parseFields('default'))), sink, new ManualClock(), REFRESH);
}

/** Each of another kind than the one before: each in a Set of its own. */
function flows(count: number): FlowRecord[] {
  return Array.from({ length: count }, (_, i) =>
    flow({ flowId: i, translated: i % 2 === 0, helper: i % 7 ? '' : 'ftp' }),
  );
}

describe('Data Records from where the kernel left them', () => {
  beforeEach(({ skip }) => skip(process.platform !== 'linux', 'system calls of Linux'));

  test.each([
    [1400, 1428],
    [572, 600],
    // More pieces than the kernel takes of one datagram, if none were copied (UIO_MAXIOV).
    [65_507, 65_535],
  ])('Messages of %d octets arrive as if they had been copied', async (octets, mtu) => {
    const receiver = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 });
    const received: Buffer[] = [];
    receiver.on('message', message => received.push(message));
    receiver.bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    const sink = new UdpSink({ host, to: '127.0.0.1', port: receiver.address().port, mtu, log });
    const keeping = new KeepingSink();
    keeping.messageOctets = sink.messageOctets;
    expect(sink.messageOctets).toBe(octets);
    const exporters = [exporterTo(sink), exporterTo(keeping)];
    const batch = batchOf(flows(650), addressOf);
    let sent = 0;
    for (let round = 0; round < 2; round++) {
      for (const exporter of exporters) {
        exporter.exportRecords(batch);
        exporter.flush();
      }
      sent = keeping.messages.length;
      await expect.poll(() => received.length, { timeout: 5000 }).toBe(sent);
    }
    expect(received.map(each => each.toString('hex'))).toEqual(
      keeping.messages.map(each => Buffer.from(each).toString('hex')),
    );
    expect(exporters[0].counters).toMatchObject({ messages: sent, flowRecords: 1300, unsentRecords: 0 });
    exporters[0].close();
    receiver.close();
  });

  test('what nobody listens to is counted as it is record by record', () => {
    const records = flows(300);
    const counted = [true, false].map(gathers => {
      const sink = new UdpSink({ host, to: '127.0.0.1', port: 1, log });
      const exporter = exporterTo(sink);
      const batch = batchOf(records, addressOf);
      for (let i = 0; i < 3; i++) {
        exporter.refresh();
        if (gathers) exporter.exportRecords(batch);
        else for (const record of records) exporter.export(record);
        exporter.flush();
      }
      const { messages, octets, flowRecords, unsentRecords, away } = exporter.counters;
      sink.close();
      return { messages, octets, flowRecords, unsentRecords, away };
    });
    expect(counted[0]).toEqual(counted[1]);
    // Of the first ones nobody knew yet that they would be refused.
    expect(counted[0]).toMatchObject({ flowRecords: 900, unsentRecords: 600, away: true });
  });
});
