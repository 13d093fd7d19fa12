import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { metricsText } from '../../../packages/probe/dist/main/metrics.js';
import { code, madePage, plain, table } from './markdown.js';

const HTTP = fileURLToPath(new URL('../../../packages/collector/src/http/', import.meta.url));
/** In the source of the collector's metrics, whatever its layout: `counter('name', 'help'`, `family('name', 'type', 'help'`, rows of tables. */
const SHORT = /\b(counter|gauge)\(\s*'(\w+)',\s*'((?:[^'\\]|\\.)+)'/g;
const LONG = /(?:family\(|\[)\s*'(\w+)',\s*'(counter|gauge)',\s*'((?:[^'\\]|\\.)+)'/g;

type Row = readonly [name: string, kind: string, help: string];

/** Every metric that the probe and the collector serve. */
export function metricsPage(): string {
  const list = (rows: readonly Row[]) =>
    table(
      ['metric', 'type', ''],
      rows.map(([name, kind, help]) => [code(name), kind, plain(help)]),
    );
  return madePage(
    'Metrics',
    "In Prometheus' text format, version 0.0.4. What ends in `_total` only grows, until a restart. [What to do when](../how-to/runbook.md) says which to watch.",
    '## The probe',
    'At `/metrics` of the address that `--metrics` names. All but the last four are labelled with `namespace` and `domain`, those of collectors with `collector`, too. [What some mean with the kernel meter](../how-to/operate.md#watch-it).',
    list(probeRows()),
    '## The collector',
    "At `/metrics` of the pages' address, for whoever may look at them. Those that begin with `weir_collector_exporter_` are labelled with `exporter`, `domain` and `transport`; those of forwarding, topologies, accounts and alerts are there where something is configured.",
    list(collectorRows()),
  );
}

function probeRows(): Row[] {
  const figures = { version: '', startTime: 0, userSeconds: 0, systemSeconds: 0, residentOctets: 0 };
  return [...metricsText([], figures).matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)$/gm)].map(
    ([, name, help, kind]) => [name!, kind!, help!],
  );
}

function collectorRows(): Row[] {
  return ['metrics.ts', 'alert-metrics.ts'].flatMap(name => rowsIn(readFileSync(`${HTTP}${name}`, 'utf8')));
}

function rowsIn(source: string): Row[] {
  const found: { at: number; row: Row }[] = [];
  for (const { index, 1: kind, 2: name, 3: help } of source.matchAll(SHORT))
    found.push({ at: index, row: rowOf(name!, kind!, help!) });
  for (const { index, 0: all, 1: name, 2: kind, 3: help } of source.matchAll(LONG)) {
    found.push({
      at: index,
      row: rowOf(all.startsWith('[') ? `${prefixAfter(source, index)}${name}` : name!, kind!, help!),
    });
  }
  return found.sort((a, b) => a.at - b.at).map(({ row }) => row);
}

/** Rows of a table get their prefix where the table is gone through, behind it. */
function prefixAfter(source: string, index: number): string {
  return /family\(\s*`(\w+_)\$\{name\}`/.exec(source.slice(index))![1]!;
}

function rowOf(name: string, kind: string, help: string): Row {
  return [`weir_collector_${name}`, kind, help.replaceAll("\\'", "'")];
}
