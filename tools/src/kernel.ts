import { type DebianKernel, debianKernel, EmulatedMachine, noMachine } from '@weir/lab';
import type { TestSummary } from './reporter.js';

/** Releases of Debian whose kernels the tests run on: 6.1 and 6.12. */
const releases = ['bookworm', 'trixie'];

/** What other kernels have and this machine's may not: VLANs, VRFs, flowtables, netem; and SCTP. */
const links = [
  'packages/probe/src/routing/changes.test.ts',
  'packages/lab/src/acceptance/hazards.test.ts',
  'packages/lab/src/acceptance/delay.test.ts',
];
const sctp = [
  'packages/probe/src/sending/sctp-socket.test.ts',
  'packages/collector/src/collecting/sctp.test.ts',
  'packages/lab/src/acceptance/sctp.test.ts',
];
/** What depends on the release of the kernel. */
const kernelMeter = [
  'packages/lab/src/acceptance/sources.test.ts',
  'packages/lab/src/acceptance/same-records.test.ts',
  'packages/lab/src/acceptance/kernel-meter.test.ts',
  'packages/lab/src/acceptance/kernel-namespaces.test.ts',
];
const everywhere = [...links, ...sctp, ...kernelMeter];
/** The kernel meter on both, the rest shared out, because an emulated machine takes its time. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  bookworm: [...links, ...kernelMeter, '-t', 'VLAN|VRF|flowtable|netem|kernel meter'],
  trixie: [...sctp, ...kernelMeter, '-t', 'SCTP|kernel meter'],
};
/** They take what other tests leave of the processors, so that they may end long after those. */
const minutes = 80;

/**
 * Runs tests on kernels of Debian, each in an emulated machine. Where there can be none they count as one skipped test.
 *
 * @param args given on to Vitest in there: names of test files, or options; by default those about kernel, routes and traffic
 */
export async function testOnKernels(args: readonly string[]): Promise<TestSummary> {
  const total = nothing();
  const files = args.length > 0 ? args : everywhere;
  for (const release of releases) add(total, await testOnKernel(release, files, text => process.stdout.write(text)));
  return total;
}

/** What `npm test` runs in emulated machines: the tests that this machine's own kernel may not be able to run. */
export async function testElsewhere(): Promise<TestSummary> {
  const total = nothing();
  // At once, because each machine keeps one CPU busy.
  const all = await Promise.all(releases.map(release => testOnKernel(release, elsewhere[release]!)));
  for (const summary of all) add(total, summary);
  return total;
}

/** The tests of no run. */
export const nothing = (): TestSummary => ({ passed: 0, failed: 0, skipped: 0, skips: [] });

async function testOnKernel(
  release: string,
  args: readonly string[],
  onOutput?: (text: string) => void,
): Promise<TestSummary> {
  const kernel = await kernelOf(release);
  if (typeof kernel === 'string')
    return { ...nothing(), skipped: 1, skips: [`tests on the kernel of Debian ${release}: ${kernel}`] };
  console.log(`kernel ${kernel.version}: ${args.join(' ')} ...`);
  const begun = Date.now();
  let machine: EmulatedMachine | undefined;
  try {
    machine = new EmulatedMachine(kernel);
    const words = args.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const order = `export WEIR_TEST_SUMMARY=$RESULTS/summary.json\nnode node_modules/vitest/vitest.mjs run ${words}\n`;
    const { status, results, output } = await machine.carryOut(order, minutes * 60, onOutput);
    if (status !== 0 && onOutput === undefined) console.log(output);
    const took = Math.round((Date.now() - begun) / 1000);
    console.log(`kernel ${kernel.version}: ${status === 0 ? 'ok' : 'failed'}, ${took} s`);
    return named(kernel.version, JSON.parse(results.get('summary.json') ?? '{"failed":1}'));
  } catch (problem) {
    console.log(`kernel ${kernel.version}: ${problem instanceof Error ? problem.message : problem}`);
    return { ...nothing(), failed: 1 };
  } finally {
    machine?.close();
  }
}

/** The kernel, or why there is none to test on. */
async function kernelOf(release: string): Promise<DebianKernel | string> {
  const reason = noMachine();
  if (reason !== undefined) return reason;
  try {
    return await debianKernel(release);
  } catch (problem) {
    return `it cannot be fetched: ${problem instanceof Error ? problem.message : problem}`;
  }
}

/** Tests that were not asked for are no skipped ones, though Vitest counts them so: they have no reason. */
function named(version: string, { passed = 0, failed = 0, skips = [] }: Partial<TestSummary>): TestSummary {
  const reasons = skips.filter(skip => !skip.endsWith('no reason given')).map(skip => `kernel ${version}: ${skip}`);
  return { passed, failed, skipped: reasons.length, skips: reasons };
}

/** Adds the tests of one run to those of others. */
export function add(total: TestSummary, more: TestSummary): void {
  total.passed += more.passed;
  total.failed += more.failed;
  total.skipped += more.skipped;
  total.skips.push(...more.skips);
}
