import { templateSet } from '../../wire/build.js';
import { enterpriseField, field } from '../../wire/template.js';
import type { CollectorCase } from './collector-case.js';
import { template } from './flow.js';

/** Scopes that RFC 7011 section 3.4.2.1 names, with a value each. */
const SCOPES = {
  observationDomainId: 1,
  exportingProcessId: 2,
  meteringProcessId: 3,
  templateId: 256,
  lineCardId: 4,
  exporterIPv4Address: '198.18.0.1',
  exporterIPv6Address: '2001:db8::1',
  ingressInterface: 5,
} as const;

/** Options: RFC 7011 sections 3.4.2 and 4, RFC 5471 section 3.4. */
export const optionsCases: readonly CollectorCase[] = [
  {
    id: 'options-scopes',
    title: 'Options Templates of any scope are taken',
    section: 'RFC 7011 3.4.2.1, RFC 5471 3.4.1',
    level: 'MUST',
    sends:
      'Options Templates with each scope that the RFC names and with an enterprise-specific one, data of each; then a Flow',
    expects: 'the Flow',
    async run(run) {
      const session = await run.open();
      const layout = template(256);
      const scopes = [...Object.keys(SCOPES).map(name => field(name)), enterpriseField(32473, 31001, 4)];
      for (const [n, scope] of scopes.entries()) {
        const options = { id: 300 + n, scopes: 1, fields: [scope, field('exportedOctetTotalCount')] };
        await session.send(templateSet(options), run.data(options, [{ ...SCOPES, exportedOctetTotalCount: n }]));
      }
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
    },
  },
  {
    id: 'options-several-scopes',
    title: 'An Options Template may have several Scope Fields',
    section: 'RFC 7011 3.4.2.1, RFC 5471 3.4.2',
    level: 'MUST',
    sends: 'an Options Template of three Scope Fields and its data, before a Flow in the same Message',
    expects: 'the Flow',
    async run(run) {
      const session = await run.open();
      const names = ['meteringProcessId', 'templateId', 'ingressInterface', 'exportedFlowRecordTotalCount'];
      const options = { id: 300, scopes: 3, fields: names.map(name => field(name)) };
      const layout = template(256);
      const data = run.data(options, [{ ...SCOPES, exportedFlowRecordTotalCount: 1 }]);
      await session.send(templateSet(options), data, templateSet(layout), run.expected(layout, [run.flow(0)]));
    },
  },
  {
    id: 'options-statistics',
    title: 'Statistics of the Metering and the Exporting Process are understood',
    section: 'RFC 7011 4.1-4.3, RFC 5471 3.4.3-3.4.5',
    level: 'MUST',
    sends:
      'Metering Process Statistics, Metering and Exporting Process Reliability Statistics, each in its Options Template',
    expects: 'the counters under the Observation Domain',
    async run(run) {
      const times = ['observationTimeSeconds', 'observationTimeSeconds'];
      const said: readonly [string[], Record<string, number>][] = [
        [
          ['observationDomainId', 'meteringProcessId'],
          { exportedMessageTotalCount: 11, exportedFlowRecordTotalCount: 12, exportedOctetTotalCount: 13 },
        ],
        [['observationDomainId', 'meteringProcessId'], { ignoredPacketTotalCount: 14, ignoredOctetTotalCount: 15 }],
        [
          ['exportingProcessId'],
          { notSentFlowTotalCount: 16, notSentPacketTotalCount: 17, notSentOctetTotalCount: 18 },
        ],
      ];
      for (const [n, [scopes, counters]] of said.entries()) {
        const session = await run.open();
        const names = [...scopes, ...Object.keys(counters), ...(n === 0 ? [] : times)];
        const options = { id: 300, scopes: scopes.length, fields: names.map(name => field(name)) };
        await session.send(templateSet(options), run.data(options, [{ ...SCOPES, ...counters }]));
        run.says(session, JSON.stringify(counters), ({ statistics }) =>
          Object.entries(counters).every(([name, value]) => statistics[name] === value),
        );
      }
    },
  },
  {
    id: 'options-flow-keys',
    title: 'A Flow Keys Options Template does no harm, right or wrong',
    section: 'RFC 7011 4.4, RFC 5471 3.4.6',
    level: 'SHOULD',
    sends:
      'flowKeyIndicator of a Template, of one with too few fields, of one that is not there; then a Flow in a new session',
    expects: 'the Flow',
    async run(run) {
      const layout = template(256);
      const options = { id: 300, scopes: 1, fields: [field('templateId'), field('flowKeyIndicator')] };
      const keys = [
        [256, 0x1f],
        [256, 2 ** 40],
        [500, 1],
      ] as const;
      const session = await run.open();
      run.mayEnd(session);
      await session.send(templateSet(layout), templateSet(options));
      for (const [templateId, flowKeyIndicator] of keys) {
        await session.send(run.data(options, [{ templateId, flowKeyIndicator }]));
      }
      const other = await run.open();
      await other.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
    },
  },
  {
    id: 'options-counted',
    title: 'Options Data Records count in the sequence number as others do',
    section: 'RFC 7011 3.1',
    level: 'SHOULD',
    sends: 'two Options Data Records between Flows, the sequence numbers counting them',
    expects: 'no record missed',
    async run(run) {
      const layout = template(256);
      const options = { id: 300, scopes: 1, fields: [field('templateId'), field('flowKeyIndicator')] };
      const session = await run.open();
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
      const data = { templateId: 256, flowKeyIndicator: 31 };
      await session.send(templateSet(options), run.data(options, [data, data]));
      await session.send(run.expected(layout, [run.flow(1)]));
      run.says(session, 'that none is lost', ({ lost }) => lost === 0);
    },
  },
];
