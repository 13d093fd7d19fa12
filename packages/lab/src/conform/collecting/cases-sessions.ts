import { sleep } from '../../run/wait.js';
import { templateSet } from '../../wire/build.js';
import { field } from '../../wire/template.js';
import type { SendingSession } from '../sender.js';
import type { CaseRun } from './case-run.js';
import type { CollectorCase } from './collector-case.js';
import { BASIC, template } from './flow.js';

const layout = template(256);
const TURNED = { id: 256, fields: [...BASIC].reverse() };

/** Records of one Template, `perMessage` in a Message. */
async function stream(run: CaseRun, session: SendingSession, count: number, perMessage: number): Promise<void> {
  await session.send(templateSet(layout));
  for (let n = 0; n < count; n += perMessage) {
    const flows = Array.from({ length: Math.min(perMessage, count - n) }, (_, i) => run.flow(n + i));
    await session.send(run.expected(layout, flows));
  }
}

/** Transport Sessions, and many of everything: RFC 7011 sections 8 and 10, RFC 5471 section 3.5. */
export const sessionCases: readonly CollectorCase[] = [
  {
    id: 'stream-split',
    title: 'A Message may come in any number of TCP segments',
    section: 'RFC 7011 10.4.3',
    level: 'MUST',
    transports: ['tcp'],
    sends: 'two Messages octet by octet, each octet a segment of its own',
    expects: 'both Flows',
    async run(run) {
      const session = await run.open();
      const first = session.message({}, templateSet(layout), run.expected(layout, [run.flow(0)]));
      const second = session.message({}, run.expected(layout, [run.flow(1)]));
      for (const octet of Buffer.concat([first, second])) {
        await session.raw(Buffer.from([octet]));
        await sleep(1);
      }
    },
  },
  {
    id: 'stream-joined',
    title: 'A TCP segment may hold several Messages and the beginning of another',
    section: 'RFC 7011 10.4.3',
    level: 'MUST',
    transports: ['tcp'],
    sends: 'five Messages in pieces that end within headers',
    expects: 'all Flows',
    async run(run) {
      const session = await run.open();
      const messages = [session.message({}, templateSet(layout))];
      for (let n = 0; n < 4; n++) messages.push(session.message({}, run.expected(layout, [run.flow(n)])));
      const all = Buffer.concat(messages);
      for (const [start, end] of [
        [0, 82],
        [82, 211],
        [211, all.length],
      ]) {
        await session.raw(all.subarray(start, end));
        await sleep(20);
      }
    },
  },
  {
    id: 'connection-reset',
    title: 'After a connection that breaks the collector takes another, with Templates of its own',
    section: 'RFC 7011 10.4.4, 8, RFC 5471 3.6.2',
    level: 'MUST',
    transports: ['tcp'],
    sends: 'a Template, data, half a Message and a reset; in a new connection Template 256 with other fields and data',
    expects: 'both Flows',
    async run(run) {
      const session = await run.open();
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
      await sleep(200); // A reset may take what has not been read with it.
      await session.raw(session.message({}, run.data(layout, [run.flow(9)])).subarray(0, 30));
      await session.abort();
      const again = await run.open();
      await again.send(templateSet(TURNED), run.expected(TURNED, [run.flow(1)]));
    },
  },
  {
    id: 'read-to-the-end',
    title: 'What was sent before an orderly end of the connection is read',
    section: 'RFC 7011 10.4.4',
    level: 'SHOULD',
    transports: ['tcp'],
    sends: '1,000 records, and the end of the connection at once behind them',
    expects: 'all Flows',
    async run(run) {
      const session = await run.open();
      await stream(run, session, 1000, 50);
      await session.close();
    },
  },
  {
    id: 'many-exporters',
    title: 'Exporters that send at the same time are kept apart',
    section: 'RFC 5471 3.5.5, RFC 7011 8',
    level: 'MUST',
    sends: '20 sessions in turn, every second with Template 256 of other fields, 5 records each',
    expects: 'all Flows',
    async run(run) {
      const sessions = [];
      for (let i = 0; i < 20; i++) sessions.push(await run.open());
      const layouts = sessions.map((_, i) => (i % 2 === 0 ? layout : TURNED));
      for (const [i, session] of sessions.entries()) await session.send(templateSet(layouts[i]!));
      for (let n = 0; n < 5; n++) {
        for (const [i, session] of sessions.entries())
          await session.send(run.expected(layouts[i]!, [run.flow(n * 20 + i)]));
      }
    },
  },
  {
    id: 'many-records',
    title: 'Many records of one Template',
    section: 'RFC 5471 3.5.1',
    level: 'SHOULD',
    sends: '10,000 records in Messages of 25',
    expects: 'all Flows',
    async run(run) {
      await stream(run, await run.open(), 10_000, 25);
    },
  },
  {
    id: 'many-templates',
    title: 'Many Templates',
    section: 'RFC 5471 3.5.4, RFC 7011 8',
    level: 'SHOULD',
    sends: '500 Templates, then a record of each',
    expects: 'all Flows',
    async run(run) {
      const session = await run.open();
      const layouts = Array.from({ length: 500 }, (_, n) => template(256 + n));
      for (let n = 0; n < 500; n += 25) await session.send(templateSet(...layouts.slice(n, n + 25)));
      for (let n = 0; n < 500; n += 20) {
        await session.send(...layouts.slice(n, n + 20).map((each, i) => run.expected(each, [run.flow(n + i)])));
      }
    },
  },
  {
    id: 'large-template',
    title: 'A Template may have as many fields as a datagram holds',
    section: 'RFC 5471 3.5.3',
    level: 'SHOULD',
    sends: 'a Template of 16,370 fields, most of them paddingOctets of 1 octet, and a record',
    expects: 'the Flow',
    async run(run) {
      const padding = Array.from({ length: 16_370 - BASIC.length }, () => field('paddingOctets', 1));
      const large = { id: 256, fields: [...BASIC, ...padding] };
      const session = await run.open();
      await session.send(templateSet(large));
      await session.send(run.expected(large, [run.flow(0)]));
    },
  },
];
