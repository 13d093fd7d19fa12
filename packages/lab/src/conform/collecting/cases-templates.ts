import { templateSet, withdrawalSet } from '../../wire/build.js';
import { field } from '../../wire/template.js';
import type { CollectorCase } from './collector-case.js';
import { BASIC, template } from './flow.js';

const TURNED = { id: 256, fields: [...BASIC].reverse() };

/** Template management: RFC 7011 section 8, RFC 5471 sections 3.2.5 and 3.6.8. */
export const templateCases: readonly CollectorCase[] = [
  {
    id: 'withdrawal',
    title: 'A withdrawn Template is used no more',
    section: 'RFC 7011 8.1, RFC 5471 3.2.5.1',
    level: 'MUST',
    transports: ['tcp'],
    sends: 'a Template, data, its withdrawal, data',
    expects: 'the Flow before the withdrawal, and not that behind it',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      run.mayEnd(session);
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
      await session.send(withdrawalSet(2, 256));
      await session.send(run.unexpected(layout, [run.flow(1)]));
    },
  },
  {
    id: 'withdrawal-order',
    title: 'Withdrawals take effect in their place in the Message',
    section: 'RFC 7011 8.1',
    level: 'MUST',
    transports: ['tcp'],
    sends: 'one Message: a Template, data, its withdrawal, another Template of its ID, data of that',
    expects: 'both Flows',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      await session.send(
        templateSet(layout),
        run.expected(layout, [run.flow(0)]),
        withdrawalSet(2, 256),
        templateSet(TURNED),
        run.expected(TURNED, [run.flow(1)]),
      );
    },
  },
  {
    id: 'withdrawal-reuse',
    title: 'The ID of a withdrawn Template may be used again',
    section: 'RFC 7011 8.1, RFC 5471 3.6.8.2',
    level: 'MUST',
    transports: ['tcp'],
    sends: 'a Template, data, its withdrawal; another Template of its ID, data',
    expects: 'both Flows',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
      await session.send(withdrawalSet(2, 256));
      await session.send(templateSet(TURNED), run.expected(TURNED, [run.flow(1)]));
    },
  },
  {
    id: 'withdrawal-unknown',
    title: 'The withdrawal of a Template that is not there is ignored',
    section: 'RFC 7011 8.1 (RFC 5471 3.2.5.2 and 3.2.5.3 wanted the connection closed)',
    level: 'MUST',
    transports: ['tcp'],
    sends: 'the withdrawal of Template 400, which never was, and twice that of 256; data of Template 257',
    expects: 'the Flow of Template 257, over the same connection',
    async run(run) {
      const [gone, stays] = [template(256), template(257)];
      const session = await run.open();
      await session.send(templateSet(gone, stays));
      for (const id of [400, 256, 256]) await session.send(withdrawalSet(2, id));
      await session.send(run.expected(stays, [run.flow(0)]));
    },
  },
  {
    id: 'withdrawal-all',
    title: 'An All Templates Withdrawal withdraws all Templates of its Observation Domain',
    section: 'RFC 7011 8.1, RFC 5471 3.2.5.4',
    level: 'MUST',
    transports: ['tcp'],
    sends: 'Templates 256 and 257 in two Observation Domains; a withdrawal of all in the first; data of all',
    expects: 'the Flows of the second Observation Domain, and none of the first',
    async run(run) {
      const layouts = [template(256), template(257)];
      const session = await run.open();
      run.mayEnd(session);
      const other = run.domain(1);
      await session.sendWith({ domain: other }, templateSet(...layouts));
      await session.send(templateSet(...layouts));
      await session.send(withdrawalSet(2, 2));
      await session.sendWith({ domain: other }, ...layouts.map((each, n) => run.expected(each, [run.flow(n)])));
      await session.send(...layouts.map((each, n) => run.unexpected(each, [run.flow(10 + n)])));
    },
  },
  {
    id: 'withdrawal-all-options',
    title: 'An All Options Templates Withdrawal leaves other Templates alone',
    section: 'RFC 7011 8.1, RFC 5471 3.2.5.5',
    level: 'MUST',
    transports: ['tcp'],
    sends: 'a Template and an Options Template; a withdrawal of all Options Templates; data of the Template',
    expects: 'the Flow',
    async run(run) {
      const layout = template(256);
      const options = { id: 257, scopes: 1, fields: [field('templateId'), field('flowKeyIndicator')] };
      const session = await run.open();
      await session.send(templateSet(layout), templateSet(options));
      await session.send(withdrawalSet(3, 3));
      await session.send(run.expected(layout, [run.flow(0)]));
    },
  },
  {
    id: 'withdrawal-udp',
    title: 'Template Withdrawals over UDP are ignored',
    section: 'RFC 7011 8.4',
    level: 'MUST',
    transports: ['udp'],
    sends: 'a Template, its withdrawal, one of all Templates, data',
    expects: 'the Flow',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      await session.send(templateSet(layout));
      await session.send(withdrawalSet(2, 256));
      await session.send(withdrawalSet(2, 2));
      await session.send(run.expected(layout, [run.flow(0)]));
    },
  },
  {
    id: 'template-repeated',
    title: 'A Template that comes again unchanged changes nothing',
    section: 'RFC 7011 8.1, 8.4, RFC 5471 3.6.8.3.1 (3.6.8.2 wanted the TCP connection reset)',
    level: 'MUST',
    sends: 'a Template and data, three times',
    expects: 'all Flows',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      for (let n = 0; n < 3; n++) await session.send(templateSet(layout), run.expected(layout, [run.flow(n)]));
    },
  },
  {
    id: 'template-replaced-udp',
    title: 'Over UDP a different Template takes the place of the one before',
    section: 'RFC 7011 8.4, RFC 5471 3.6.8.3.1',
    level: 'MUST',
    transports: ['udp'],
    sends: 'a Template and data, another Template of the same ID and data of that',
    expects: 'both Flows',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
      await session.send(templateSet(TURNED));
      await session.send(run.expected(TURNED, [run.flow(1)]));
    },
  },
  {
    id: 'template-of-other-session',
    title: 'Templates of one session are not used for another',
    section: 'RFC 7011 8',
    level: 'MUST',
    sends:
      'a Template and data; in a new session data of that Template ID, and its Template with other fields before more data',
    expects: 'the Flows behind the Template of their session; no Flow made of the first by the old one',
    async run(run) {
      const layout = template(256);
      const first = await run.open();
      await first.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
      if (!run.isDatagrams) await first.close();
      const domain = first.domain;
      const second = await run.open();
      await second.sendWith({ domain }, run.unexpected(layout, [run.flow(1)]));
      await second.sendWith({ domain }, templateSet(TURNED), run.expected(TURNED, [run.flow(2)]));
    },
  },
  {
    id: 'data-before-template',
    title: 'Data before its Template does no harm',
    section: 'RFC 7011 8, 9.3',
    level: 'MUST',
    sends: 'data of Template 256, then the Template with data',
    expects: 'the later Flow; the earlier may be kept for the Template or dropped',
    async run(run) {
      const layout = template(256);
      const session = await run.open();
      await session.send(run.data(layout, [run.flow(0)]));
      await session.send(templateSet(layout), run.expected(layout, [run.flow(1)]));
    },
  },
];
