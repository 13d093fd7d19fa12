import { dataRecord, set, templateSet, u8 } from '../../wire/build.js';
import { enterpriseField, field, reverse } from '../../wire/template.js';
import type { CollectorCase } from './collector-case.js';
import { BASIC, template, valuesOf } from './flow.js';

/** Enterprise Number for documentation (RFC 5612). */
const EXAMPLE = 32473;

/** Information Elements, RFC 5471 section 3.3, and Biflows, RFC 5103. */
export const elementCases: readonly CollectorCase[] = [
  {
    id: 'enterprise',
    title: 'Enterprise-specific elements, fixed and variable, are skipped by their length where they are not known',
    section: 'RFC 5471 3.3.1, RFC 7011 3.2',
    level: 'MUST',
    sends: 'elements 31001 and 31002 of enterprise 32473 among known ones',
    expects: 'the known ones',
    async run(run) {
      const [first, second] = [enterpriseField(EXAMPLE, 31001, 5), enterpriseField(EXAMPLE, 31002, 65535)];
      const layout = { id: 256, fields: [first, ...BASIC.slice(0, 4), second, ...BASIC.slice(4)] };
      const unknown = { [`${EXAMPLE}:31001`]: Buffer.from('abcde'), [`${EXAMPLE}:31002`]: Buffer.from('xyz') };
      const session = await run.open();
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0, unknown)]));
    },
  },
  {
    id: 'unknown-element',
    title: 'An IANA element that is not known is skipped by its length',
    section: 'RFC 7011 9',
    level: 'MUST',
    sends: 'element 32000, which the IANA has not assigned, of 3 octets among known ones',
    expects: 'the known ones',
    async run(run) {
      const layout = {
        id: 256,
        fields: [...BASIC.slice(0, 4), { id: 32000, enterprise: 0, length: 3 }, ...BASIC.slice(4)],
      };
      const session = await run.open();
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0)]));
    },
  },
  {
    id: 'unknown-element-noted',
    title: 'The identifier of an element that is not understood is noted',
    section: 'RFC 7011 9, RFC 5471 3.3.1',
    level: 'MUST',
    sends: 'element 31001 of enterprise 32473, four octets 01020304',
    expects: 'the identifier 32473:31001 with the record',
    async run(run) {
      const layout = template(256, enterpriseField(EXAMPLE, 31001, 4));
      const flow = run.flow(0, { [`${EXAMPLE}:31001`]: Buffer.from([1, 2, 3, 4]) });
      const session = await run.open();
      run.expect(layout, flow, [`${EXAMPLE}:31001`], { [`${EXAMPLE}:31001`]: '01020304' });
      await session.send(templateSet(layout), run.data(layout, [flow]));
    },
  },
  {
    id: 'repeated-element',
    title: 'An element that is in a Template several times does no harm to the others',
    section: 'RFC 7011 8, RFC 5471 3.3.3',
    level: 'MUST',
    sends: 'vlanId twice side by side, and mplsTopLabelTTL twice with others in between',
    expects: 'the others',
    async run(run) {
      const [vlan, ttl] = [field('vlanId'), field('mplsTopLabelTTL')];
      const layout = { id: 256, fields: [vlan, vlan, ttl, ...BASIC.slice(0, 5), ttl, ...BASIC.slice(5)] };
      const session = await run.open();
      const flow = run.flow(0, { vlanId: [11, 12], mplsTopLabelTTL: [63, 62] });
      await session.send(templateSet(layout), run.expected(layout, [flow]));
    },
  },
  {
    id: 'repeated-element-order',
    title: 'All values of an element that is there several times are kept, in their order',
    section: 'RFC 5471 3.3.3',
    level: 'SHOULD',
    sends: 'mplsTopLabelTTL of 63 and 62, with others in between',
    expects: 'both values, 63 first',
    async run(run) {
      const ttl = field('mplsTopLabelTTL');
      const layout = { id: 256, fields: [ttl, ...BASIC, ttl] };
      const session = await run.open();
      const flow = run.flow(0, { mplsTopLabelTTL: [63, 62] });
      run.expect(layout, flow, ['mplsTopLabelTTL'], { mplsTopLabelTTL: '[63,62]' });
      await session.send(templateSet(layout), run.data(layout, [flow]));
    },
  },
  {
    id: 'illegal-reduced-size',
    title: 'A length that the type cannot have does no harm to other records',
    section: 'RFC 5471 3.6.5, RFC 7011 6.2',
    level: 'SHOULD',
    sends:
      'a Template with sourceMacAddress of 3 and flowStartMilliseconds of 2 octets and a record; then a good Template and record',
    expects: 'the good record',
    async run(run) {
      const known = { id: 256, fields: BASIC.slice(0, 7) };
      const bad = {
        id: 256,
        fields: [...known.fields, field('sourceMacAddress', 3), field('flowStartMilliseconds', 2)],
      };
      const good = template(257);
      const session = await run.open();
      run.mayEnd(session);
      const record = Buffer.concat([dataRecord(known, valuesOf(known, run.flow(9))), Buffer.alloc(5)]);
      await session.send(templateSet(bad), set(256, record));
      const other = await run.open();
      await other.send(templateSet(good), run.expected(good, [run.flow(0)]));
    },
  },
  {
    id: 'biflow',
    title: 'Reverse Information Elements are told from the forward ones',
    section: 'RFC 5103 6.1',
    level: 'MUST',
    sends: 'octetDeltaCount and packetDeltaCount of both directions, the reverse ones first',
    expects: 'the forward counters, and the reverse ones where they are shown',
    async run(run) {
      const back = [reverse('octetDeltaCount'), reverse('packetDeltaCount')];
      const layout = { id: 256, fields: [...back, ...BASIC, field('biflowDirection')] };
      const counts = { reverseOctetDeltaCount: 4321, reversePacketDeltaCount: 21, biflowDirection: 1 };
      const session = await run.open();
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0, counts)]));
    },
  },
  {
    id: 'biflow-counters',
    title: 'The counters of the reverse direction are kept',
    section: 'RFC 5103 5',
    level: 'SHOULD',
    sends: 'a Biflow with 4,321 octets and 21 packets back',
    expects: 'both reverse counters',
    async run(run) {
      const layout = template(256, reverse('octetDeltaCount'), reverse('packetDeltaCount'));
      const counts = { reverseOctetDeltaCount: 4321, reversePacketDeltaCount: 21 };
      const session = await run.open();
      const about = ['reverseOctetDeltaCount', 'reversePacketDeltaCount'];
      await session.send(templateSet(layout), run.expected(layout, [run.flow(0, counts)], about));
    },
  },
  {
    id: 'biflow-without-key',
    title: 'A record with reverse elements but no Directional Key Field is dropped',
    section: 'RFC 5103 4',
    level: 'SHOULD',
    sends: 'a record of flowId, octetDeltaCount, its reverse and times',
    expects: 'no such record',
    async run(run) {
      const fields = [field('flowId'), field('octetDeltaCount'), reverse('octetDeltaCount'), ...BASIC.slice(7)];
      const layout = { id: 256, fields };
      const session = await run.open();
      const flow = run.flow(0, { flowId: run.mark.flowId, reverseOctetDeltaCount: 5 });
      await session.send(templateSet(layout), run.unexpected(layout, [flow]));
    },
  },
  {
    id: 'record-padding',
    title: 'paddingOctets in records is skipped, also where it is longer than the rest',
    section: 'RFC 5471 3.2.4, RFC 7011 3.3.1',
    level: 'MUST',
    sends:
      'paddingOctets of 1, 2, 3 and 13 octets and of variable length, and a Set of records of 1 octet and 3 of padding before',
    expects: 'each record once, with its other values',
    async run(run) {
      for (const [n, octets] of [1, 2, 3, 13].entries()) {
        const layout = { id: 256, fields: [...BASIC.slice(0, 5), field('paddingOctets', octets), ...BASIC.slice(5)] };
        const session = await run.open();
        await session.send(templateSet(layout), run.expected(layout, [run.flow(2 * n), run.flow(2 * n + 1)]));
      }
      const short = { id: 256, fields: [field('ipDiffServCodePoint'), field('paddingOctets', 3)] };
      const variable = { id: 257, fields: [field('interfaceName'), field('paddingOctets'), ...BASIC] };
      const session = await run.open();
      const flow = run.flow(8, { interfaceName: 'eth0', paddingOctets: Buffer.alloc(2) });
      const record = Buffer.concat([u8(1), Buffer.alloc(3)]);
      await session.send(templateSet(short, variable), set(256, record), run.expected(variable, [flow]));
    },
  },
];
