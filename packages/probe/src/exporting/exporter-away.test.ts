// A collector over UDP that refuses what is sent to it.
import { expect, test } from 'vitest';
import { Exporter } from './exporter.js';
import { parseFields } from './field-selection.js';
import { FlowTemplates } from './flow-templates.js';
import { IpfixEncoder } from './ipfix-encoder.js';
import { decode, exporterTo } from './testing/exporter.js';
import { flow, KeepingSink, ManualClock } from './testing/fakes.js';

test('Templates come again when a collector was away', () => {
  const sink = new KeepingSink();
  const exporter = exporterTo(sink);
  exporter.refresh();
  exporter.export(flow());
  exporter.flush();
  sink.messages.length = 0;
  sink.refused = true;
  exporter.refresh();
  exporter.export(flow());
  exporter.flush();
  expect(decode(sink.messages).records.length).toBe(1);
});

test('records wait for a collector that is away, and are given up and counted when it stays away', () => {
  const sink = new KeepingSink();
  const clock = new ManualClock();
  const exporter = exporterTo(sink, clock);
  sink.refused = true;
  exporter.refresh();
  while (!exporter.hasCredit(1)) {
    exporter.refresh();
    exporter.flush();
    sink.refused = true;
    clock.now += 100;
  }
  expect(clock.now).toBe(15_000);
  expect(sink.messages.length).toBeLessThan(100);
  exporter.export(flow());
  exporter.flush();
  expect(exporter.counters.unsentRecords).toBe(1);
});

test('where there are no Templates to try with, it is tried with empty datagrams', () => {
  const sink = new KeepingSink();
  const clock = new ManualClock();
  const encoder = new IpfixEncoder(5, new FlowTemplates(parseFields('default')));
  Object.defineProperty(encoder, 'templateCount', { value: 0 });
  const exporter = new Exporter(encoder, sink, clock, { milliseconds: 10_000, messages: 1000 });
  exporter.export(flow());
  exporter.flush();
  sink.messages.length = 0;
  for (; clock.now < 2000; clock.now += 100) {
    sink.refused = true;
    exporter.refresh();
    exporter.flush();
  }
  expect(sink.messages.map(({ length }) => length)).toEqual(Array(4).fill(0));
  expect(exporter.isWaiting()).toBe(true);
});

test('a collector that is back gets Templates and records within a second', () => {
  const sink = new KeepingSink();
  const clock = new ManualClock();
  const exporter = exporterTo(sink, clock);
  exporter.export(flow());
  exporter.flush();
  sink.refused = true;
  exporter.refresh();
  exporter.flush();
  expect(exporter.hasCredit(1)).toBe(false);
  sink.messages.length = 0;
  for (; !exporter.hasCredit(1) && clock.now < 1000; clock.now += 20) {
    exporter.refresh();
    exporter.flush();
  }
  exporter.export(flow());
  exporter.flush();
  expect(decode(sink.messages).records.length).toBe(1);
  expect(clock.now).toBeLessThan(1000);
  expect(exporter.counters.unsentRecords).toBe(0);
});

test('one that stays away is tried ever more seldom, and gets what waited when it comes', () => {
  const sink = new KeepingSink();
  const clock = new ManualClock();
  const exporter = exporterTo(sink, clock);
  const pass = (refused: boolean) => {
    sink.refused = refused;
    exporter.refresh();
    exporter.flush();
    clock.now += 50;
  };
  exporter.export(flow());
  exporter.flush();
  sink.messages.length = 0;
  while (clock.now < 7000) {
    pass(true);
    expect(exporter.isWaiting()).toBe(true);
  }
  // After 0, 250, 750, 1750, ... milliseconds.
  expect(sink.messages.length).toBe(9);
  sink.messages.length = 0;
  while (exporter.isWaiting()) pass(false);
  expect(clock.now).toBeLessThan(8500);
  exporter.export(flow());
  exporter.flush();
  expect(decode(sink.messages).records.length).toBe(1);
  expect(exporter.counters.unsentRecords).toBe(0);
});
