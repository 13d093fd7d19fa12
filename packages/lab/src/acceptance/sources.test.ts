// The probe's two sources, ctnetlink and the kernel meter, on kernels of Debian: scenarios by both of them, and very many
// flows. In an emulated machine only, which alone is sure to have what the kernel meter asks of a kernel.
import { afterEach, describe, expect, type TestContext, test } from 'vitest';
import { flowCount, KernelBed } from '../bench/kernel/bed.js';
import { notInMachine } from '../machine/machine.js';
import { until } from '../run/wait.js';
import { loadScenario } from '../scenario/load.js';
import { runScenario } from '../scenario/run.js';
import { lacksKernelMeter } from '../subjects/kernel-meter.js';
import type { Subject } from '../subjects/subject.js';
import { subjects } from '../subjects/subjects.js';
import { destroyKernelFlows } from '../truth/conntrack.js';

const reason = notInMachine();
if (reason !== undefined) console.warn(`skipped: ${reason}`);

/** Each takes most of a minute there. Between them: every protocol, translation, zones, marks, interim reports, ends of every kind. */
const scenarios = ['mixed', 'expire'];

/** Longer than it takes to meter all flows, so that each is reported once. */
const activeTimeoutSeconds = 30;

async function skipWithout(skip: TestContext['skip'], lacks: Subject['lacks']): Promise<void> {
  const lacking = reason ?? (await lacks?.());
  if (reason === undefined && lacking !== undefined) console.warn(`skipped: ${lacking}`);
  skip(lacking !== undefined, lacking);
}

describe.each(['weir', 'weir-kernel'])('scenarios, %s', name => {
  test.for(scenarios)('%s', { timeout: 300_000 }, async (scenario, { skip }) => {
    const subject = subjects.get(name)!;
    await skipWithout(skip, subject.lacks);
    const { verdict, error, skipped } = await runScenario(loadScenario(scenario), subject);
    expect({ error, skipped }).toEqual({});
    expect(verdict).toMatchObject({ contradictions: [], failures: [] });
    expect(verdict!.flows).toBeGreaterThan(100);
  });
});

describe('the kernel meter', () => {
  let bed: KernelBed | undefined;
  afterEach(async () => {
    if (bed !== undefined) expect(await bed.close()).toEqual([]);
  }, 60_000);

  test('100,000 flows, reported once in between and destroyed at once: none is lost', async ({ skip }) => {
    await skipWithout(skip, lacksKernelMeter);
    bed = await KernelBed.make();
    const probe = await bed.probe('kernel', activeTimeoutSeconds);
    await bed.packets();
    const told = async (counter: string, least: number): Promise<number> => {
      let count = 0;
      const ask = async (): Promise<number | undefined> => {
        count = await probe.counter(counter);
        return count >= least ? count : undefined;
      };
      return until(`${counter} of ${least}`, 10 * activeTimeoutSeconds, ask, () => `${count} came`);
    };
    // Hosts have a few things of their own to say.
    expect(await told('interim_reports_total', flowCount)).toBeLessThan(flowCount + 10);
    destroyKernelFlows(bed.net.router);
    expect(await told('exported_flow_records_total', 2 * flowCount)).toBeLessThan(2 * flowCount + 20);
    expect(await probe.counter('unsent_records_total')).toBe(0);
    await probe.stop();
  }, 600_000);
});
