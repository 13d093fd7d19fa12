import { parentPort, workerData } from 'node:worker_threads';
import { closeNamespace, enterNamespace, openNamespace } from '../host/network-namespace.js';
import { preflight } from './checks.js';
import { chosen } from './finding.js';
import { mend, restore } from './mend.js';
import { restoreAll } from './restore-all.js';

/** What can be done in another network namespace. */
const tasks = {
  preflight,
  mend: async (ids?: readonly string[]) => mend(chosen(await preflight(), ids), 'doctor'),
  restore: async () => restoreAll(),
  restoreUp: async () => restore('up'),
};

export type NamespaceTasks = { readonly [T in keyof typeof tasks]: Awaited<ReturnType<(typeof tasks)[T]>> };

const { path, task, ids } = workerData as { path: string; task: keyof typeof tasks; ids?: readonly string[] };
const descriptor = openNamespace(path);
enterNamespace(descriptor);
closeNamespace(descriptor);
parentPort?.postMessage(await tasks[task](ids));
