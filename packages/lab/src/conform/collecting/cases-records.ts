import { dataRecord, set, templateSet, u8, variable } from '../../wire/build.js';
import { field, type WireField } from '../../wire/template.js';
import { bigEndian, NTP_EPOCH } from '../../wire/value.js';
import type { CaseRun } from './case-run.js';
import type { CollectorCase } from './collector-case.js';
import { BASIC, type Flow, template, valuesOf } from './flow.js';

/** Sends a Template and one Flow in it, which has to be seen. */
async function one(run: CaseRun, n: number, fields: readonly WireField[], more: Flow, about: string[]): Promise<void> {
  const session = await run.open();
  const layout = { id: 256, fields };
  await session.send(templateSet(layout), run.expected(layout, [run.flow(n, more)], about));
}

function dateCase(unit: string): CollectorCase {
  const names = [`flowStart${unit}`, `flowEnd${unit}`] as const;
  return {
    id: `date-${unit.toLowerCase()}`,
    title: `Times in ${unit.toLowerCase()} are understood`,
    section: 'RFC 7011 6.1.7-6.1.10',
    level: 'MUST',
    sends: `${names.join(' and ')}, both at whole seconds`,
    expects: 'the same moments',
    run(run) {
      const { flowStartMilliseconds: start, flowEndMilliseconds: end } = run.flow(0);
      const fields = [...BASIC.slice(0, 7), ...names.map(name => field(name))];
      return one(run, 0, fields, { [names[0]]: start!, [names[1]]: end! }, ['start']);
    },
  };
}

/** Records and values: RFC 5471 section 3.2.1 and 3.2.2, RFC 7011 sections 6 and 7. */
export const recordCases: readonly CollectorCase[] = [
  {
    id: 'connectivity',
    title: 'A Template and a Data Record of it are received and understood',
    section: 'RFC 5471 3.1.1, RFC 7011 3',
    level: 'MUST',
    sends: 'a Message with a Template and one Data Record',
    expects: 'the Flow with all its values',
    run: run => one(run, 0, BASIC, {}, []),
  },
  {
    id: 'fixed-types',
    title: 'Every data type of a length of its own is understood',
    section: 'RFC 5471 3.2.1, RFC 7011 6.1',
    level: 'MUST',
    sends: 'unsigned8 to unsigned64, signed32, float64, boolean, MAC, IPv4 and IPv6 addresses',
    expects: 'the same values, as far as the collector shows the elements',
    async run(run) {
      const numbers: Flow = { ipClassOfService: 184, ingressInterface: 70_000, sourceMacAddress: '02:00:00:00:ab:cd' };
      const others: Flow = { mibObjectValueInteger: -2, samplingProbability: 0.25, dataRecordsReliability: true };
      const more = [...Object.keys(numbers), ...Object.keys(others)].map(name => field(name));
      await one(run, 0, [...BASIC, ...more], { ...numbers, ...others }, []);
      const v6 = ['sourceIPv6Address', 'destinationIPv6Address'].map(name => field(name));
      await one(run, 1, [...v6, ...BASIC.slice(2)], {}, ['sourceIPv6Address']);
    },
  },
  ...['Seconds', 'Milliseconds', 'Microseconds', 'Nanoseconds'].map(dateCase),
  {
    id: 'microseconds-low-bits',
    title: 'The lowest 11 bits of the fraction of microseconds are ignored',
    section: 'RFC 7011 6.1.9',
    level: 'MUST',
    sends: 'flowStartMicroseconds and flowEndMicroseconds at half a second, all 11 bits set',
    expects: 'half a second, to the millisecond',
    async run(run) {
      const session = await run.open();
      const layout = {
        id: 256,
        fields: [...BASIC.slice(0, 7), field('flowStartMicroseconds'), field('flowEndMicroseconds')],
      };
      const flow = run.flow(0);
      const time = (name: string): Buffer => {
        const seconds = BigInt(flow[name] as number) / 1000n + NTP_EPOCH;
        return bigEndian((seconds << 32n) | 0x8000_07ffn, 8);
      };
      const sent = {
        ...flow,
        flowStartMicroseconds: time('flowStartMilliseconds'),
        flowEndMicroseconds: time('flowEndMilliseconds'),
      };
      const at = (name: string): string => String((flow[name] as number) + 500);
      run.expect(layout, sent, ['start'], { start: at('flowStartMilliseconds'), end: at('flowEndMilliseconds') });
      await session.send(templateSet(layout), run.data(layout, [sent]));
    },
  },
  {
    id: 'unsigned64-extremes',
    title: 'Counters of 64 bits are whole up to their largest value',
    section: 'RFC 7011 6.1.1',
    level: 'MUST',
    sends: 'octetDeltaCount of 0, 2^53 + 1, 2^63 and 2^64 - 1',
    expects: 'the same values',
    async run(run) {
      const session = await run.open();
      const layout = template(256);
      const values = [0n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n];
      const flows = values.map((octetDeltaCount, n) => run.flow(n, { octetDeltaCount }));
      await session.send(templateSet(layout), run.expected(layout, flows, ['octetDeltaCount']));
    },
  },
  {
    id: 'variable-length',
    title: 'Values of variable length are understood wherever they stand in a record',
    section: 'RFC 5471 3.2.2, RFC 7011 7',
    level: 'MUST',
    sends:
      'interfaceName and interfaceDescription as the first, the last, among fixed fields, and next to each other; empty, too',
    expects: 'the fixed fields around them, and the strings where they are shown',
    async run(run) {
      const [name, description] = [field('interfaceName'), field('interfaceDescription')];
      const text = { interfaceName: 'eth0', interfaceDescription: 'uplink' };
      await one(run, 0, [name, ...BASIC], text, []);
      await one(run, 1, [...BASIC, name], text, []);
      await one(run, 2, [...BASIC.slice(0, 5), name, ...BASIC.slice(5)], text, []);
      await one(run, 3, [...BASIC.slice(0, 3), name, description, ...BASIC.slice(3)], text, []);
      await one(
        run,
        4,
        [name, ...BASIC, description],
        { interfaceName: '', interfaceDescription: 'x'.repeat(254) },
        [],
      );
    },
  },
  {
    id: 'variable-length-long',
    title: 'The three octets form of a variable length is understood',
    section: 'RFC 7011 7',
    level: 'MUST',
    sends:
      'interfaceDescription of 255 and of 1,000 octets, and one of 4 octets in the long form, each before fixed fields',
    expects: 'the fixed fields behind it, and the strings where they are shown',
    async run(run) {
      const fields = [field('interfaceDescription'), ...BASIC];
      await one(run, 0, fields, { interfaceDescription: 'a'.repeat(255) }, []);
      await one(run, 1, fields, { interfaceDescription: 'b'.repeat(1000) }, []);
      const session = await run.open();
      const layout = { id: 256, fields };
      const flow = run.flow(2, { interfaceDescription: 'long' });
      run.expect(layout, flow);
      const rest = { id: 256, fields: BASIC };
      const record = Buffer.concat([variable(Buffer.from('long'), true), dataRecord(rest, valuesOf(rest, flow))]);
      await session.send(templateSet(layout), set(256, record));
    },
  },
  {
    id: 'reduced-size-counters',
    title: 'Counters in fewer octets than their type has are understood',
    section: 'RFC 5471 3.3.2, RFC 7011 6.2',
    level: 'MUST',
    sends: 'octetDeltaCount in 1, 2, 3, 4, 5, 6 and 7 octets, packetDeltaCount in 4',
    expects: 'the same values',
    async run(run) {
      for (let octets = 1; octets <= 7; octets++) {
        const counters = [field('packetDeltaCount', 4), field('octetDeltaCount', octets)];
        const fields = [...BASIC.slice(0, 5), ...counters, ...BASIC.slice(7)];
        await one(run, octets, fields, { octetDeltaCount: 2n ** BigInt(8 * octets) - 2n }, ['octetDeltaCount']);
      }
    },
  },
  {
    id: 'reduced-size-others',
    title: 'Other integers and floats in fewer octets than their type has are understood',
    section: 'RFC 5471 3.3.2, RFC 7011 6.2',
    level: 'MUST',
    sends: 'destinationTransportPort in 1 octet, ingressInterface in 2, samplingProbability as float32',
    expects: 'the same values',
    async run(run) {
      const others = [field('ingressInterface', 2), field('samplingProbability', 4)];
      const fields = [...BASIC.slice(0, 3), field('destinationTransportPort', 1), ...BASIC.slice(4), ...others];
      const flow = { destinationTransportPort: 53, ingressInterface: 300, samplingProbability: 0.5 };
      await one(run, 0, fields, flow, []);
    },
  },
  {
    id: 'string-ill-formed',
    title: 'A string that is not UTF-8 does no harm to the rest of its record',
    section: 'RFC 7011 6.1.6',
    level: 'SHOULD',
    sends: 'interfaceName of the octets C3 28 FF before fixed fields',
    expects: 'the fixed fields',
    run: run => one(run, 0, [field('interfaceName'), ...BASIC], { interfaceName: Buffer.from([0xc3, 0x28, 0xff]) }, []),
  },
  {
    id: 'structured-data',
    title: 'Lists of structured data are skipped by their length',
    section: 'RFC 7011 9, RFC 6313 4.5',
    level: 'MUST',
    sends: 'basicList, subTemplateList and subTemplateMultiList before fixed fields',
    expects: 'the fixed fields',
    async run(run) {
      const inner = { id: 300, fields: [field('ingressInterface')] };
      const value = bigEndian(7n, 4);
      const basic = Buffer.concat([u8(3), Buffer.from([0, 10, 0, 4]), value, value]);
      const sub = Buffer.concat([u8(3), Buffer.from([1, 44]), value, value]);
      const multi = Buffer.concat([u8(3), Buffer.from([1, 44, 0, 8]), value]);
      const lists = [field('basicList'), field('subTemplateList'), field('subTemplateMultiList')];
      const layout = { id: 256, fields: [...lists, ...BASIC] };
      const flow = run.flow(0, { basicList: basic, subTemplateList: sub, subTemplateMultiList: multi });
      const session = await run.open();
      await session.send(templateSet(inner, layout), run.expected(layout, [flow]));
    },
  },
];
