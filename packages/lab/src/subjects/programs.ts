import { join } from 'node:path';
import type { Namespace } from '../namespaces/namespace.js';
import { subjectProgramDirectory } from '../paths.js';
import type { LabProcess } from '../run/process.js';

/** Starts a built program of `programs/` in the namespace. */
export function startSubjectProgram(namespace: Namespace, program: string, order: object): LabProcess {
  return namespace.start([process.execPath, join(subjectProgramDirectory, `${program}.js`), JSON.stringify(order)]);
}
