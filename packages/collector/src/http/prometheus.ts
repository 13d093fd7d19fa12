export type Labels = Readonly<Record<string, string | number>>;

/** A metric with one value. */
export const counter = (name: string, help: string, value: number) => family(name, 'counter', help, [[{}, value]]);
export const gauge = (name: string, help: string, value: number) => family(name, 'gauge', help, [[{}, value]]);

/** A metric in Prometheus' text format, version 0.0.4, with a value for each set of labels. */
export function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  values: readonly [Labels, number][],
): string {
  const lines = values.map(([labels, value]) => `weir_collector_${name}${labelText(labels)} ${value}\n`);
  return `# HELP weir_collector_${name} ${help}\n# TYPE weir_collector_${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, c => (c === '\n' ? '\\n' : `\\${c}`));
}
