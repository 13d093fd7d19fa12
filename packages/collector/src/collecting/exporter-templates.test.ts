import { fieldsOf, MessageWriter, type Template, typeInformationOf, typeInformationTemplate } from '@weir/ipfix';
import { expect, test } from 'vitest';
import { Ingest } from './ingest.js';
import { peerOfText } from './peer.js';
import { newSession } from './sessions.js';
import { TestExporter } from './testing/exporter.js';

const peer = peerOfText('192.0.2.7', 40_000);
const own = { enterprise: 99_999, id: 7, name: 'queueLength', type: 'unsigned8' } as const;
const types = typeInformationTemplate(303);
const queued: Template = {
  id: 304,
  scopeFieldCount: 0,
  fields: [...fieldsOf(['flowEndMilliseconds']), { enterprise: own.enterprise, id: own.id, length: 1 }],
};

function message(domain: number, fill: (writer: MessageWriter) => void): Uint8Array {
  const buffer = new Uint8Array(1400);
  const writer = new MessageWriter(buffer);
  writer.begin(domain);
  fill(writer);
  return buffer.slice(0, writer.finish(1_700_000_000, 0));
}

const ingestOf = () => new Ingest({ capacity: 100, deliver: () => {} });
const tellsOfElement = message(1, writer => {
  writer.addTemplate(types);
  writer.addRecord(types, typeInformationOf(own));
});

test('Templates are taken when they have changed, those of a connection until it ends', () => {
  const ingest = ingestOf();
  ingest.datagram(new TestExporter().templates(), peer, 0);
  const session = newSession(peer, 'tcp', 0);
  ingest.streamMessage(session, new TestExporter(2).templates(), 0);
  const [overUdp, overTcp, ...others] = ingest.exporters.takeTemplates();
  expect(others).toEqual([]);
  expect(overUdp).toMatchObject({ address: '192.0.2.7', observationDomainId: 1, transport: 'udp' });
  expect(overUdp!.templates).toEqual([
    expect.objectContaining({ templateId: 256, options: false }),
    {
      templateId: 257,
      fields: ['observationDomainId', 'exportedFlowRecordTotalCount', 'notSentFlowTotalCount'],
      options: true,
    },
  ]);
  expect(overTcp).toMatchObject({ observationDomainId: 2, transport: 'tcp', templates: overUdp!.templates });
  ingest.datagram(new TestExporter().templates(), peer, 0);
  expect(ingest.exporters.takeTemplates()).toEqual([]);
  ingest.endOfStream(session);
  expect(ingest.exporters.takeTemplates()).toEqual([{ ...overTcp!, templates: [] }]);
});

test('names that an exporter tells are those of its elements in all Observation Domains, and are saved', () => {
  const ingest = ingestOf();
  for (const domain of [1, 2])
    ingest.datagram(
      message(domain, writer => writer.addTemplate(queued)),
      peer,
      0,
    );
  const fieldsIn = (from: Ingest) =>
    from.exporters
      .takeTemplates()
      .map(({ templates }) => templates.find(({ templateId }) => templateId === queued.id)!.fields);
  const before = ['flowEndMilliseconds', '99999:7'];
  expect(fieldsIn(ingest)).toEqual([before, before]);
  ingest.datagram(tellsOfElement, peer, 0);
  const after = ['flowEndMilliseconds', 'queueLength'];
  expect(fieldsIn(ingest)).toEqual([after, after]);
  const next = ingestOf();
  next.restore(JSON.parse(JSON.stringify(ingest.save(0))));
  expect(fieldsIn(next)).toEqual([after, after]);
});
