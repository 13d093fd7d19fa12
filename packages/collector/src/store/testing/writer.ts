/**
 * A process that stores batch after batch until it is killed. Arguments: directory, rows a batch, and ServerSettings as JSON where the engine is on a
 * server. Prints the number of a
 * batch as soon as the store has it in the spool.
 */
import { toNative } from '../../flow/native.js';
import { batchOf } from '../../flow/testing/records.js';
import { Store } from '../client.js';
import type { ServerSettings } from '../doors/settings.js';

const [directory, rows] = [process.argv[2]!, Number(process.argv[3])];
const server = process.argv[4] === undefined ? undefined : (JSON.parse(process.argv[4]) as ServerSettings);
const store = await Store.open({ directory, server });
process.stdout.write(`engine ${store.enginePid}\n`);
const exportTime = Date.parse('2026-03-01T00:00:10Z') / 1000;
// Ends on both sides of midnight, so that every batch is two parts.
const end = (i: number) => new Date(exportTime * 1000 - (i % 2) * 60_000).toISOString();
const records = Array.from({ length: rows }, (_, i) => ({
  flowId: i,
  octetDeltaCount: 1,
  flowEndMilliseconds: end(i),
}));
const batch = batchOf(records, { exportTime });
for (let n = 0; n < 1000; n++) {
  new Uint32Array(batch.column('observationDomainId').data.buffer).fill(n);
  const stored = store.insert(toNative(batch), batch.rows);
  process.stdout.write(`spooled ${n}\n`);
  if (n % 3 === 0) await stored;
}
