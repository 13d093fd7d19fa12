// What RFC 7011, 5103 and 5471 ask of a collector and of an exporter, asked of Weir by the command that people use.
import { describe, expect, test } from 'vitest';
import { missing } from '../namespaces/requirements.js';
import { attempt } from '../run/command.js';
import { weirCommand } from '../weir/weir.js';

interface CaseResult {
  case: string;
  level: 'MUST' | 'SHOULD';
  outcome: 'passed' | 'failed' | 'not observable';
  why: string;
}

function conform(...args: string[]): { status: number | null; results: CaseResult[] } {
  const { status, stdout, stderr } = attempt(weirCommand('lab', 'conform', ...args, '--json'), 170);
  expect(stdout, stderr).not.toBe('');
  const results = stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as CaseResult);
  return { status, results };
}

function those(results: readonly CaseResult[], outcome: CaseResult['outcome']): string[] {
  return results.filter(each => each.outcome === outcome).map(each => each.case);
}

/** What Weir leaves undone of what SHOULD be, each with its reason in docs/reference/conformance.md. */
const LEFT = {
  collector: ['large-template'],
  exporter: ['template-copies', 'metering-reliability', 'exporting-reliability'],
};

describe.each(['udp', 'tcp'])('over %s', transport => {
  test('the collector conforms', () => {
    const { status, results } = conform('weir', '--transport', transport);
    expect(results.length).toBeGreaterThan(60);
    expect(those(results, 'failed')).toEqual(LEFT.collector);
    expect(those(results, 'not observable')).toEqual([]);
    expect(status).toBe(0);
  });

  test('the exporter conforms', context => {
    const reason = missing([]);
    context.skip(reason !== undefined, reason);
    const { status, results } = conform('--exporter', 'weir', '--transport', transport);
    const lacking = transport === 'udp' ? LEFT.exporter : LEFT.exporter.filter(id => id !== 'template-copies');
    expect(those(results, 'failed')).toEqual(lacking);
    const seen = those(results, 'passed');
    for (const id of ['export', 'sequence', 'data-records', 'biflow-key', 'flow-times', 'element-lengths'])
      expect(seen).toContain(id);
    expect(status).toBe(0);
  });
});
