import type { FlowBatch } from '../../../packages/collector/dist/flow/batch.js';
import { toNative } from '../../../packages/collector/dist/flow/native.js';
import type { Store } from '../../../packages/collector/dist/store/client.js';
import { monthOfFlows } from './flows.js';

/** Blocks that are on their way to the engine at once, as the collector has them. */
const AT_ONCE = 4;

/** Stores a month of flows, sums them up, and waits until the engine has nothing more to do. @returns seconds of the first two, without `each` */
export async function fill(
  store: Store,
  records: number,
  each: (batch: FlowBatch) => void = () => {},
): Promise<{ stored: number; summed: number }> {
  let underway: Promise<void>[] = [];
  let stored = 0;
  for (const batch of monthOfFlows(records)) {
    const block = toNative(batch);
    stored += await seconds(async () => {
      underway.push(store.insert(block, batch.rows));
      if (underway.length < AT_ONCE) return;
      await Promise.all(underway);
      underway = [];
    });
    each(batch);
  }
  stored += await seconds(async () => void (await Promise.all(underway)));
  const summed = await seconds(() => store.keeper!.advance());
  await untilMerged(store);
  return { stored, summed };
}

async function seconds(action: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await action();
  return (performance.now() - begun) / 1000;
}

/** Merges are over, for a second. */
async function untilMerged(store: Store): Promise<void> {
  for (let idle = 0; idle < 4; ) {
    await new Promise(resolve => setTimeout(resolve, 250));
    const merges = await store.query('SELECT 1 FROM system.merges');
    idle = merges.length === 0 ? idle + 1 : 0;
  }
}
