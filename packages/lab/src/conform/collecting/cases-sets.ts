import { set, templateSet } from '../../wire/build.js';
import { field } from '../../wire/template.js';
import { MOST_UDP_OCTETS } from '../sender.js';
import type { CollectorCase } from './collector-case.js';
import { BASIC, template } from './flow.js';

/** Octets of a Data Record of the basic Template. */
const RECORD_OCTETS = 45;

/** Sets and Messages: RFC 7011 sections 3, 8 and 10. */
export const setCases: readonly CollectorCase[] = [
  {
    id: 'several-sets',
    title: 'Template Sets, Options Template Sets and Data Sets may be mixed in a Message',
    section: 'RFC 7011 3',
    level: 'MUST',
    sends:
      'one Message: two Templates in a Set, data of both in turn, an Options Template with data, a third Template with data',
    expects: 'all Flows',
    async run(run) {
      const [first, second] = [template(256), { id: 999, fields: [...BASIC].reverse() }];
      const third = template(65535, field('ingressInterface'));
      const options = { id: 300, scopes: 1, fields: [field('templateId'), field('flowKeyIndicator')] };
      const session = await run.open();
      await session.send(
        templateSet(first, second),
        run.expected(first, [run.flow(0), run.flow(1)]),
        run.expected(second, [run.flow(2)]),
        run.expected(first, [run.flow(3)]),
        templateSet(options),
        run.data(options, [{ templateId: 256, flowKeyIndicator: 31 }]),
        templateSet(third),
        run.expected(third, [run.flow(4, { ingressInterface: 9 })]),
      );
    },
  },
  {
    id: 'template-ids',
    title: 'Template IDs may be any above 255, in any order',
    section: 'RFC 7011 3.4.1',
    level: 'MUST',
    sends: 'Templates 65535, 256, 40000 and 257, each with a record',
    expects: 'all Flows',
    async run(run) {
      const session = await run.open();
      for (const [n, id] of [65535, 256, 40000, 257].entries()) {
        const layout = n % 2 === 0 ? template(id) : { id, fields: [...BASIC].reverse() };
        await session.send(templateSet(layout), run.expected(layout, [run.flow(n)]));
      }
    },
  },
  {
    id: 'template-earlier',
    title: 'A Data Set may come in another Message than its Template',
    section: 'RFC 7011 8',
    level: 'MUST',
    sends: 'a Message with a Template; three Messages with a record each',
    expects: 'all Flows',
    async run(run) {
      const session = await run.open();
      const layout = template(256);
      await session.send(templateSet(layout));
      for (let n = 0; n < 3; n++) await session.send(run.expected(layout, [run.flow(n)]));
    },
  },
  {
    id: 'domains',
    title: 'Observation Domains of a session have Templates of their own',
    section: 'RFC 7011 8',
    level: 'MUST',
    sends: 'Template 256 in two Observation Domains of one session with different fields, then data of each',
    expects: 'all Flows',
    async run(run) {
      const session = await run.open();
      const other = run.domain(1);
      const [here, there] = [template(256), { id: 256, fields: [...BASIC].reverse() }];
      await session.send(templateSet(here));
      await session.sendWith({ domain: other }, templateSet(there));
      await session.send(run.expected(here, [run.flow(0)]));
      await session.sendWith({ domain: other }, run.expected(there, [run.flow(1)]));
      await session.send(run.expected(here, [run.flow(2)]));
    },
  },
  {
    id: 'set-padding',
    title: 'Padding behind the records of a Set is skipped',
    section: 'RFC 5471 3.2.3, RFC 7011 9',
    level: 'MUST',
    sends: 'Data Sets with 1 to 7 octets of zero behind two records, and a Template Set with 3, in one Message each',
    expects: 'two Flows of each Set, and that of the Set behind it',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      await session.send(set(2, Buffer.concat([templateSet(layout).subarray(4), Buffer.alloc(3)])));
      for (let octets = 1; octets <= 7; octets++) {
        const flows = [0, 1].map(n => run.flow(3 * octets + n));
        await session.send(run.expected(layout, flows, [], octets), run.expected(layout, [run.flow(3 * octets + 2)]));
      }
    },
  },
  {
    id: 'set-padding-nonzero',
    title: 'Padding that is not zero does not make a Message malformed',
    section: 'RFC 7011 9.1',
    level: 'MUST',
    sends: 'a Data Set with two octets of FF behind its record, and another Set behind it',
    expects: 'both Flows',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      const record = run.expected(layout, [run.flow(0)]).subarray(4);
      const padded = set(256, Buffer.concat([record, Buffer.from([255, 255])]));
      await session.send(templateSet(layout), padded, run.expected(layout, [run.flow(1)]));
    },
  },
  {
    id: 'unknown-set-ids',
    title: 'Sets of reserved IDs are skipped by their length, and the rest of the Message is read',
    section: 'RFC 5471 3.6.7, RFC 7011 3.3.2',
    level: 'MUST',
    sends: 'Sets 0, 1, 4, 100 and 255 between a Template and its data',
    expects: 'all Flows of that Message and of the next',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      const strange = [0, 1, 4, 100, 255].map(id => set(id, Buffer.alloc(12, id)));
      await session.send(templateSet(layout), ...strange, run.expected(layout, [run.flow(0)]));
      await session.send(run.expected(layout, [run.flow(1)]));
    },
  },
  {
    id: 'empty-message',
    title: 'A Message without Sets is none that is malformed',
    section: 'RFC 7011 3',
    level: 'MUST',
    sends: 'a Message Header alone, between Messages with data',
    expects: 'all Flows',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
      await session.send();
      await session.send(run.expected(layout, [run.flow(1)]));
    },
  },
  {
    id: 'largest-message',
    title: 'Messages may have up to 65,535 octets',
    section: 'RFC 7011 10',
    level: 'MUST',
    sends: 'a Message of 65,535 octets, over UDP of 65,507, the most that a datagram holds',
    expects: 'its first, its last and all other Flows',
    async run(run) {
      const most = run.isDatagrams ? MOST_UDP_OCTETS : 65_535;
      const layout = template(256);
      const count = Math.floor((most - 16 - 4) / RECORD_OCTETS);
      const flows = Array.from({ length: count }, (_, n) => run.flow(n));
      const session = await run.open();
      await session.send(templateSet(layout));
      await session.send(run.expected(layout, flows, [], most - 16 - 4 - count * RECORD_OCTETS));
    },
  },
  {
    id: 'export-time-extremes',
    title: 'Any Export Time is taken',
    section: 'RFC 7011 3.1, 5.2',
    level: 'SHOULD',
    sends: 'Messages of Export Time 0 and 2^32 - 1, in sessions of their own',
    expects: 'both Flows',
    async run(run) {
      const layout = template(256);
      for (const [n, exportTime] of [0, 2 ** 32 - 1].entries()) {
        const session = await run.open();
        await session.sendWith({ exportTime }, templateSet(layout), run.expected(layout, [run.flow(n)]));
      }
    },
  },
];
