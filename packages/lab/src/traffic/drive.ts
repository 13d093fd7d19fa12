import { join } from 'node:path';
import { WeirError } from '../error.js';
import type { Namespace } from '../namespaces/namespace.js';
import { programDirectory } from '../paths.js';
import type { LabProcess } from '../run/process.js';

/** Starts a built traffic program in the namespace. */
export function startProgram(namespace: Namespace, program: string, order: object): LabProcess {
  return namespace.start([process.execPath, join(programDirectory, `${program}.js`), JSON.stringify(order)]);
}

/** Runs a built traffic program in the namespace to its end and returns what it tells. */
export async function runProgram<T>(namespace: Namespace, program: string, order: object): Promise<T> {
  const running = startProgram(namespace, program, order);
  const status = await running.ended();
  if (status !== 0) throw new WeirError(`traffic program ${program} failed in ${namespace.name}: ${running.stderr}`);
  return JSON.parse(running.stdout) as T;
}
