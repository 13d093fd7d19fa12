import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { NamespaceTasks } from './namespace-task.js';

/**
 * Does something in another network namespace, on a thread of its own: a namespace belongs to a thread.
 *
 * @param ids of the findings to mend; default: all
 */
export async function inNamespace<T extends keyof NamespaceTasks>(
  path: string,
  task: T,
  ids?: readonly string[],
): Promise<NamespaceTasks[T]> {
  return (await answerOf('./namespace-task.js', { path, task, ids })) as NamespaceTasks[T];
}

/** Numbers that tell the network namespaces of these files from all others (networkNamespaceCookie). */
export async function cookiesOf(paths: readonly string[]): Promise<string[]> {
  return (await answerOf('./cookies-task.js', paths)) as string[];
}

async function answerOf(file: string, workerData: unknown): Promise<unknown> {
  const worker = new Worker(new URL(file, import.meta.url), { workerData });
  // The thread has let go of the namespace only when it has ended.
  const [[answer]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  return answer;
}
