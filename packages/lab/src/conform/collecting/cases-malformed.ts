import { dataRecord, set, templateRecord, templateSet, u8, u16 } from '../../wire/build.js';
import { field, type WireTemplate } from '../../wire/template.js';
import type { SendingSession } from '../sender.js';
import type { CaseRun } from './case-run.js';
import type { CollectorCase } from './collector-case.js';
import { BASIC, template, valuesOf } from './flow.js';

const layout = template(256);

/**
 * Sends a good Message, a malformed one and two good ones in a session: over UDP the good ones have to be seen. Over TCP the collector may
 * end the connection (RFC 7011 section 9.1), and then has to take another.
 */
async function among(run: CaseRun, send: (session: SendingSession) => Promise<void>): Promise<void> {
  const session = await run.open();
  run.mayEnd(session);
  await session.send(templateSet(layout), run.expected(layout, [run.flow(200)]));
  await send(session);
  const after = run.isDatagrams || !(await session.endedSoon()) ? session : await run.open();
  await after.send(templateSet(layout), run.expected(layout, [run.flow(201)]));
}

/** The record of 5471's Figure 4: a Template of two fields, of which one is there. */
function shortTemplate(fieldCount: number): Buffer {
  return set(2, Buffer.concat([u16(257), u16(fieldCount), u16(8), u16(4)]));
}

const good = (run: CaseRun, n: number): Buffer => run.unexpected(layout, [run.flow(n)]);

/** Malformed Messages are discarded whole: RFC 7011 section 9.1; RFC 5471 sections 3.6.4 to 3.6.6. */
export const malformedCases: readonly CollectorCase[] = [
  {
    id: 'version-reserved',
    title: 'A Message of a reserved version is discarded',
    section: 'RFC 7011 9.1',
    level: 'MUST',
    sends: 'a Message of version 11, else right, among good ones',
    expects: 'nothing of it; the good ones, over TCP after it perhaps in a new connection',
    run: run => among(run, session => session.raw(session.message({ version: 11 }, good(run, 0)))),
  },
  {
    id: 'message-too-short',
    title: 'A Message shorter than its header is discarded',
    section: 'RFC 7011 9.1, RFC 5471 3.6.5',
    level: 'MUST',
    sends: 'Message Headers that tell of 15 and of 0 octets, and over UDP 10 octets of one, among good Messages',
    expects: 'the good ones',
    run: run =>
      among(run, async session => {
        await session.raw(session.message({ length: 15 }).subarray(0, 15));
        if (run.isDatagrams)
          for (const length of [0, 10]) await session.raw(session.message({ length }).subarray(0, 10));
      }),
  },
  {
    id: 'message-cut',
    title: 'A datagram shorter than the Message that it holds is discarded',
    section: 'RFC 7011 9.1, RFC 5471 3.6.4 (a)',
    level: 'MUST',
    transports: ['udp'],
    sends: 'a Message with a record whose length tells of 100 octets more than came, and the Template of Figure 4',
    expects: 'nothing of it; the good Messages around it',
    run: run =>
      among(run, async session => {
        const data = good(run, 0);
        await session.raw(session.message({ length: 16 + data.length + 100 }, data));
        await session.raw(session.message({ length: 32 }, shortTemplate(2)));
      }),
  },
  {
    id: 'set-too-long',
    title: 'A Message with a Set that ends behind it is discarded',
    section: 'RFC 7011 9.1',
    level: 'MUST',
    sends: 'a Message with a good Data Set and then a Set 8 octets longer than what is left',
    expects: 'nothing of it, not even of its good Set',
    run: run => among(run, session => session.send(good(run, 0), set(256, Buffer.alloc(45), 57))),
  },
  {
    id: 'set-too-short',
    title: 'A Message with a Set shorter than its header is discarded',
    section: 'RFC 7011 9.1',
    level: 'MUST',
    sends: 'Messages with a good Data Set and then a Set of length 0, and of length 3',
    expects: 'nothing of them, and no endless reading',
    run: run =>
      among(run, async session => {
        await session.send(good(run, 0), set(256, Buffer.alloc(8), 0));
        await session.send(good(run, 1), set(2, Buffer.alloc(8), 3));
      }),
  },
  {
    id: 'value-too-long',
    title: 'A Message with a value longer than its Set is discarded',
    section: 'RFC 7011 9.1, RFC 5471 3.6.5',
    level: 'MUST',
    sends: 'a Message with a good Data Set, then a record whose interfaceName tells of 200 octets where 4 are left',
    expects: 'nothing of it, not even of its good Set',
    run: run =>
      among(run, async session => {
        const named = { id: 258, fields: [...BASIC, field('interfaceName')] };
        await session.send(templateSet(named));
        const fixed = dataRecord(layout, valuesOf(layout, run.flow(1)));
        run.refuse(layout, run.flow(1));
        await session.send(good(run, 0), set(258, Buffer.concat([fixed, u8(200), Buffer.from('eth0')])));
      }),
  },
  {
    id: 'template-too-long',
    title: 'A Template that ends behind its Set is discarded',
    section: 'RFC 5471 3.6.4 (b), (c), RFC 7011 9.1',
    level: 'MUST',
    sends:
      'the Template of Figure 4 in a Message of 28 octets, and in one of 26, its Set of 12; a Set of Template 257 behind each',
    expects: 'the good Messages around them',
    run: run =>
      among(run, async session => {
        await session.send(shortTemplate(2));
        await session.raw(session.message({ length: 26 }, shortTemplate(2)).subarray(0, 26));
        await session.send(set(257, Buffer.from([198, 18, 0, 1])));
      }),
  },
  {
    id: 'template-id-reserved',
    title: 'A Template of an ID below 256 does no harm',
    section: 'RFC 7011 3.4.1',
    level: 'SHOULD',
    sends: 'Templates 4 and 255 and a Set 255',
    expects: 'the good Messages around them',
    run: run =>
      among(run, async session => {
        await session.send(templateSet({ ...layout, id: 4 }), templateSet({ ...layout, id: 255 }));
        await session.send(set(255, good(run, 0).subarray(4)));
      }),
  },
  {
    id: 'scope-count-zero',
    title: 'An Options Template without a Scope Field is discarded',
    section: 'RFC 7011 3.4.2.2, RFC 5471 3.4.1, 3.6.4',
    level: 'MUST',
    sends: 'an Options Template of Scope Field Count 0 with all fields of a Flow, and data of it',
    expects: 'no Flow of that data; the good Messages around it',
    run: run => among(run, session => optionsOf(run, session, { ...layout, id: 300, scopes: 0 })),
  },
  {
    id: 'scope-count-too-large',
    title: 'An Options Template of more Scope Fields than fields is discarded',
    section: 'RFC 5471 3.6.4',
    level: 'SHOULD',
    sends: 'an Options Template of one field with Scope Field Count 2, and data of it',
    expects: 'the good Messages around it',
    run: run => among(run, session => optionsOf(run, session, { id: 300, scopes: 2, fields: [field('templateId')] })),
  },
  {
    id: 'record-too-short',
    title: 'A Data Set with less than a record does no harm',
    section: 'RFC 5471 3.6.6',
    level: 'SHOULD',
    sends: 'a Data Set of 20 octets where a record has 45, and one of a record and 40 octets',
    expects: 'the good Messages around it',
    run: run =>
      among(run, async session => {
        await session.send(set(256, Buffer.alloc(20)));
        await session.send(
          set(256, Buffer.concat([dataRecord(layout, valuesOf(layout, run.flow(0))), Buffer.alloc(40)])),
        );
      }),
  },
  {
    id: 'garbage',
    title: 'Octets that are no Message do no harm',
    section: 'RFC 7011 9.1',
    level: 'SHOULD',
    sends: '400 octets of a request of HTTP and of noise',
    expects: 'the good Messages around them',
    run: run =>
      among(run, async session => {
        await session.raw(Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
        const noise = Buffer.from(Array.from({ length: 400 }, (_, i) => (i * 89 + 7) & 255));
        if (!session.ended) await session.raw(noise);
      }),
  },
  {
    id: 'template-header-cut',
    title: 'A Template Record cut within its header does no harm',
    section: 'RFC 7011 9.1',
    level: 'SHOULD',
    sends: 'a Template Set of 2 octets, and an Options Template Set that ends within the header of its record',
    expects: 'the good Messages around them',
    run: run =>
      among(run, async session => {
        await session.send(set(2, u16(300)));
        await session.send(set(3, templateRecord({ ...layout, id: 300, scopes: 1 }).subarray(0, 5)));
      }),
  },
];

async function optionsOf(run: CaseRun, session: SendingSession, options: WireTemplate): Promise<void> {
  const flow = { ...run.flow(0), templateId: 256 };
  if (options.fields.length > 1) run.refuse(layout, flow);
  await session.send(templateSet(options), run.data(options, [flow]));
}
