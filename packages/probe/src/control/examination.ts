import type { ProbeConfig } from '../config/schema.js';
import { parseNamespaces } from '../main/namespaces.js';
import { exportFindings, type Patient, patientOf, sourceFindings } from '../preflight/examine.js';
import { ControlError } from './error.js';
import type { NamespaceFinding } from './types.js';

/** What `weir doctor` finds for this configuration. A namespace that is not there is a finding, too. */
export async function findingsOf(config: ProbeConfig): Promise<NamespaceFinding[]> {
  const patients = patientsOf(config);
  const each = await Promise.all(patients.map(patient => look(patient, patients.length > 1)));
  return [...each.flat(), ...sourceFindings(), ...(await exportFindings(config))];
}

/** Mends one, as `weir doctor --fix` does all. @returns a line for each change */
export async function mendFinding(config: ProbeConfig, id: string, namespace: string | undefined): Promise<string[]> {
  const patients = patientsOf(config);
  const patient = namespace === undefined ? patients[0] : patients.find(({ name }) => name === namespace);
  if (patient === undefined) throw new ControlError(400, `the network namespace "${namespace}" is not metered`);
  const found = (await patient.look()).find(finding => finding.id === id);
  if (found === undefined || found.level !== 'problem' || !found.fixable)
    throw new ControlError(409, `there is nothing to mend of "${id}": look again`);
  return patient.mend([id]);
}

function patientsOf({ namespace, domain }: ProbeConfig): Patient[] {
  return parseNamespaces(namespace, domain).map(patientOf);
}

async function look(patient: Patient, isOneOfSeveral: boolean): Promise<NamespaceFinding[]> {
  const context = isOneOfSeveral ? { namespace: patient.name } : {};
  try {
    return (await patient.look()).map(finding => ({ ...context, ...finding }));
  } catch (error) {
    const what = (error as Error).message;
    const meaning = 'nothing is metered there until it appears';
    return [{ ...context, id: 'namespace', level: 'note', what, meaning, fixable: false }];
  }
}
