import { describe, expect, test } from 'vitest';
import { sumOf } from '../exporting/collector-counters.js';
import type { LoopStatistics } from './loop-statistics.js';
import { metricsText } from './metrics.js';
import type { NamespaceStatus } from './probe.js';

/** Every number is another one, so that a mix-up shows. */
const statistics = new Proxy({} as LoopStatistics, { get: (_, name) => String(name).length });
const figures = { version: '1.2.3', startTime: 1.5e9, userSeconds: 1.5, systemSeconds: 0.5, residentOctets: 1e8 };
const namespaces: NamespaceStatus[] = [
  { name: 'self', domain: 1, disappearances: 0, statistics, collectors: [{ url: 'udp://h', totals: sumOf([]) }] },
  { name: 'a"b\\c\nd', domain: 2, disappearances: 3, statistics: undefined, collectors: [] },
];

interface Family {
  readonly type: string;
  readonly samples: Map<string, number>;
}

/** Reads the text format 0.0.4 by its rules: HELP, then TYPE, then the samples of the family, each once, each line ended. */
function parse(text: string): Map<string, Family> {
  expect(text.endsWith('\n')).toBe(true);
  const families = new Map<string, Family>();
  let [name, described] = ['', ''];
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\S.*)$/.exec(line);
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$/.exec(line);
    if (help !== null) described = help[1];
    else if (type !== null) {
      name = type[1];
      expect(name).toBe(described);
      expect(families.has(name)).toBe(false);
      families.set(name, { type: type[2], samples: new Map() });
    } else {
      const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
      const sample = new RegExp(`^([a-zA-Z0-9_:]+)(\\{${label}(?:,${label})*\\})? (\\S+)$`).exec(line);
      expect(sample, line).not.toBeNull();
      const [, of, labels, value] = sample!;
      expect(of).toBe(name);
      expect(families.get(name)!.samples.has(labels ?? '')).toBe(false);
      expect(Number.isFinite(Number(value)), line).toBe(true);
      families.get(name)!.samples.set(labels ?? '', Number(value));
    }
  }
  return families;
}

describe('metrics', () => {
  const families = parse(metricsText(namespaces, figures));

  test('counters end in _total, gauges do not', () => {
    for (const [name, { type }] of families)
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
  });

  test('units are seconds and bytes, names begin with weir_probe', () => {
    for (const name of families.keys()) expect(name).toMatch(/^weir_probe_(?!.*(milli|kilo|octets$))/);
  });

  test('a namespace that is absent has no loop, and is told of', () => {
    expect([...families.get('weir_probe_events_total')!.samples]).toEqual([['{namespace="self",domain="1"}', 15]]);
    expect([...families.get('weir_probe_namespace_present')!.samples.values()]).toEqual([1, 0]);
    expect(
      families.get('weir_probe_namespace_disappearances_total')!.samples.get('{namespace="a\\"b\\\\c\\nd",domain="2"}'),
    ).toBe(3);
  });

  test('collectors are told apart', () => {
    const messages = families.get('weir_probe_collector_messages_total')!.samples;
    expect([...messages]).toEqual([['{namespace="self",domain="1",collector="udp://h"}', 0]]);
  });

  test('every number that a loop tells is there', () => {
    const told = families.get('weir_probe_exported_flow_records_total')!.samples.get('{namespace="self",domain="1"}');
    expect(told).toBe('exportedFlowRecordTotalCount'.length);
    expect(families.get('weir_probe_build_info')!.samples).toEqual(new Map([['{version="1.2.3"}', 1]]));
  });
});
