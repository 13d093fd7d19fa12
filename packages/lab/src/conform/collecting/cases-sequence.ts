import { templateSet } from '../../wire/build.js';
import type { CollectorCase } from './collector-case.js';
import { template } from './flow.js';

const layout = template(256);

/** Sequence numbers: RFC 7011 sections 3.1 and 10.3.2. */
export const sequenceCases: readonly CollectorCase[] = [
  {
    id: 'sequence-gap',
    title: 'A gap in the sequence numbers is noticed',
    section: 'RFC 7011 10.3.2, RFC 5471 3.6.1',
    level: 'SHOULD',
    sends: 'Messages with a record each, the sequence number of one 7 too far on',
    expects: 'all Flows, and 7 records missed',
    async run(run) {
      const session = await run.open();
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
      await session.sendWith({ sequence: 8 }, run.expected(layout, [run.flow(1)]));
      await session.send(run.expected(layout, [run.flow(2)]));
      run.says(session, 'that 7 records are lost', ({ lost }) => lost === 7);
    },
  },
  {
    id: 'sequence-wrap',
    title: 'The sequence number goes on at 0 behind 2^32 - 1',
    section: 'RFC 7011 3.1',
    level: 'MUST',
    sends: 'three Messages of two records each, from sequence number 2^32 - 3',
    expects: 'all Flows',
    async run(run) {
      const session = await run.open();
      await session.sendWith(
        { sequence: 2 ** 32 - 3 },
        templateSet(layout),
        run.expected(layout, [run.flow(0), run.flow(1)]),
      );
      for (let n = 2; n < 6; n += 2) await session.send(run.expected(layout, [run.flow(n), run.flow(n + 1)]));
    },
  },
  {
    id: 'sequence-wrap-counted',
    title: 'Behind 2^32 - 1 no record is counted as missed',
    section: 'RFC 7011 3.1',
    level: 'SHOULD',
    sends: 'Messages of one record from sequence number 2^32 - 2',
    expects: 'no record missed',
    async run(run) {
      const session = await run.open();
      await session.sendWith({ sequence: 2 ** 32 - 2 }, templateSet(layout), run.expected(layout, [run.flow(0)]));
      for (let n = 1; n < 4; n++) await session.send(run.expected(layout, [run.flow(n)]));
      run.says(session, 'that none is lost', ({ lost }) => lost === 0);
    },
  },
  {
    id: 'sequence-reordered',
    title: 'Messages that change places are read',
    section: 'RFC 7011 10.3.2',
    level: 'MUST',
    transports: ['udp'],
    sends: 'four Messages in the order 1, 3, 2, 4',
    expects: 'all Flows',
    async run(run) {
      const session = await run.open();
      const messages = [session.message({}, templateSet(layout), run.expected(layout, [run.flow(0)]))];
      for (let n = 1; n < 4; n++) messages.push(session.message({}, run.expected(layout, [run.flow(n)])));
      for (const n of [0, 2, 1, 3]) await session.raw(messages[n]!);
    },
  },
];
