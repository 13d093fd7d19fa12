import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { missing } from '../namespaces/requirements.js';
import { dataSet, field, message, templateSet, type WireTemplate } from '../wire/index.js';
import { collectors } from './collectors.js';
import { startSubjectProgram } from './programs.js';
import { exportPort } from './subject.js';

const reason = missing([]);
const sent = 5000;
const template: WireTemplate = {
  id: 256,
  fields: [
    ...['sourceIPv4Address', 'destinationIPv4Address', 'sourceTransportPort', 'destinationTransportPort'],
    ...['protocolIdentifier', 'packetDeltaCount', 'octetDeltaCount', 'flowStartMilliseconds', 'flowEndMilliseconds'],
  ].map(name => field(name)),
};

let lab: Lab;
let host: Namespace;
let file: string;

beforeAll(() => {
  if (reason !== undefined) return;
  lab = new Lab();
  host = lab.namespace('collect');
  file = join(lab.directory('stream'), 'messages');
  const record = (i: number) => ['10.0.0.1', '10.0.0.2', 10_000 + i, 80, 17, 1, 100, Date.now() - 9, Date.now()];
  const tens = Array.from({ length: sent / 10 }, (_, ten) =>
    Array.from({ length: 10 }, (_, i) => record(10 * ten + i)),
  );
  const data = tens.map((records, i) => message({ sequence: 10 * i }, dataSet(template, records)));
  writeFileSync(file, Buffer.concat([message({}, templateSet(template)), ...data]));
});

afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
});

test.for([...collectors.values()])(
  '$name has kept what it received when it has ended',
  { timeout: 90_000 },
  async (collector, { skip }) => {
    const lacking = reason ?? missing(collector.needs);
    skip(lacking !== undefined, lacking);
    const running = await collector.start(lab, host);
    const sender = startSubjectProgram(host, 'sender', { file, port: exportPort, times: 1, seconds: 1 });
    expect(await sender.ended()).toBe(0);
    expect(await running.stop()).toEqual({ flowRecords: sent, octets: 100 * sent });
  },
);
