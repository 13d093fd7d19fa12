// The scenarios that ship with the product, run by the built command as a stranger would: every truth agrees with Weir.
import { beforeEach, describe, expect, test } from 'vitest';
import { missing } from '../namespaces/requirements.js';
import { attempt } from '../run/command.js';
import { shippedScenarios } from '../scenario/load.js';
import { weirCommand } from '../weir/weir.js';

const reason = missing(['dumpcap', 'tshark', 'iperf3', 'ping']);

beforeEach(context => context.skip(reason !== undefined, reason));

/** What `weir lab run NAME --json` says. */
interface Told {
  scenario: string;
  skipped?: string;
  error?: string;
  verdict?: { flows: number; records: number; contradictions: string[]; failures: string[] };
}

function run(scenario: string, ...options: string[]): { status: number | null; told: Told } {
  const { status, stdout, stderr } = attempt(weirCommand('lab', 'run', scenario, '--json', ...options), 280);
  expect(stdout, stderr).not.toBe('');
  return { status, told: JSON.parse(stdout) as Told };
}

test('at least 15 scenarios ship with Weir', () => {
  expect(shippedScenarios().length).toBeGreaterThanOrEqual(15);
});

test.for(shippedScenarios().map(({ name }) => name))('%s', { timeout: 300_000 }, (name, context) => {
  const { status, told } = run(name);
  context.skip(told.skipped !== undefined, told.skipped);
  expect(told).not.toHaveProperty('error');
  expect(told.verdict).toMatchObject({ contradictions: [], failures: [] });
  expect(told.verdict!.flows).toBeGreaterThan(0);
  expect(status).toBe(0);
});

describe('an exporter that is broken on purpose is caught by the verdict for that, and by no other', () => {
  test.for([
    ['broken-drop', 'scan', /lost/],
    ['broken-double', 'requests', /octets/],
    ['broken-clock', 'expire', /^the (first|last) packet/],
  ] as const)('%s', ([subject, scenario, verdict]) => {
    const { status, told } = run(scenario, '--subject', subject);
    expect(told).not.toHaveProperty('error');
    expect(told.verdict!.contradictions).toEqual([]);
    expect(told.verdict!.failures.length).toBeGreaterThan(0);
    for (const failure of told.verdict!.failures) expect(failure).toMatch(verdict);
    expect(status).toBe(1);
  });
});
