// The probe's two sources, ctnetlink and the kernel meter, on kernels of Debian: scenarios by both of them. In an
// emulated machine only, which alone is sure to have what the kernel meter asks of a kernel.
import { describe, expect, test } from 'vitest';
import { notInMachine } from '../machine/machine.js';
import { loadScenario } from '../scenario/load.js';
import { runScenario } from '../scenario/run.js';
import { subjects } from '../subjects/subjects.js';

const reason = notInMachine();
if (reason !== undefined) console.warn(`skipped: ${reason}`);

/** Each takes most of a minute there. Between them: every protocol, translation, zones, marks, interim reports, ends of every kind. */
const scenarios = ['mixed', 'expire'];

describe.each(['weir', 'weir-kernel'])('scenarios, %s', name => {
  test.for(scenarios)('%s', { timeout: 300_000 }, async (scenario, { skip }) => {
    const subject = subjects.get(name)!;
    const lacking = reason ?? (await subject.lacks?.());
    if (reason === undefined && lacking !== undefined) console.warn(`skipped: ${lacking}`);
    skip(lacking !== undefined, lacking);
    const { verdict, error, skipped } = await runScenario(loadScenario(scenario), subject);
    expect({ error, skipped }).toEqual({});
    expect(verdict).toMatchObject({ contradictions: [], failures: [] });
    expect(verdict!.flows).toBeGreaterThan(100);
  });
});
