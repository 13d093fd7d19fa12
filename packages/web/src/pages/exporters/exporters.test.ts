import { expect, test } from 'vitest';
import { cardsOf, clockWords, type Exporter, numbersOf, statisticWords } from './exporters.js';

const NOW = 1_800_000_000_000;

const exporter = (change: Partial<Exporter> = {}): Exporter => ({
  ...{ address: '192.0.2.1', observationDomainId: 1, transport: 'udp', firstSeen: NOW - 9000, lastSeen: NOW - 500 },
  ...{ messages: 10, records: 200, octets: 15_000, lostRecords: 0, unknownTemplateSets: 0, malformedMessages: 0 },
  ...{ templates: 1, fields: [], interfaces: [], templateList: [] },
  ...change,
});

test('those that need attention come first, the others by address', () => {
  const cards = cardsOf(
    {
      exporters: [
        exporter({ address: '192.0.2.10' }),
        exporter({ address: '192.0.2.9' }),
        exporter({ address: '192.0.2.8', malformedMessages: 1 }),
        exporter({ address: '192.0.2.7', lostRecords: 3, malformedMessages: 1 }),
      ],
    },
    NOW,
  );
  expect(cards.map(card => [card.exporter.address, card.level])).toEqual([
    ['192.0.2.7', 'problem'],
    ['192.0.2.8', 'warning'],
    ['192.0.2.9', 'ok'],
    ['192.0.2.10', 'ok'],
  ]);
  expect(cards[0]!.findings.map(({ level }) => level)).toEqual(['problem', 'warning']);
});

test('an exporter that started again is one, with what its newer session tells', () => {
  const template = { templateId: 256, fields: ['octetDeltaCount'], options: false };
  const cards = cardsOf(
    {
      exporters: [
        exporter({ lastSeen: NOW - 9000, records: 5 }),
        exporter({ records: 7, templateList: [template] }),
        exporter({ observationDomainId: 2 }),
      ],
    },
    NOW,
  );
  expect(cards).toHaveLength(2);
  expect(cards[0]!.exporter.records).toBe(12);
  expect(cards[0]!.exporter.templateList).toEqual([template]);
});

test('clocks in words', () => {
  expect(clockWords(undefined)).toBe('not known yet');
  expect(clockWords(-900)).toBe('agrees with ours');
  expect(clockWords(7000)).toBe('7.0 s behind ours');
  expect(clockWords(-7000)).toBe('7.0 s ahead of ours');
});

test('statistics have the units of their elements', () => {
  expect(statisticWords('exportedOctetTotalCount', 1_500_000)).toBe('1.50 MB');
  expect(statisticWords('exportedFlowRecordTotalCount', 1_500)).toBe('1,500');
  expect(statisticWords('flowActiveTimeout', 60)).toBe('1 min');
  expect(statisticWords('systemInitTimeMilliseconds', NOW)).toContain('2027');
});

test('what is lost is told, and stands out', () => {
  const numbers = numbersOf(exporter({ lostRecords: 3, droppedDatagrams: 2, unknownTemplateSets: 4, lateSets: 4 }));
  expect(numbers.filter(({ loud }) => loud).map(({ value }) => value)).toEqual(['3', '2']);
  expect(numbersOf(exporter()).some(({ loud }) => loud)).toBe(false);
});
