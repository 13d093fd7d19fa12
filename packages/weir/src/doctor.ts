import { collectorSchema } from '@weir/collector/schema';
import {
  exportFindings,
  type Finding,
  type Patient,
  parseNamespaces,
  patientOf,
  probeSchema,
  sourceFindings,
} from '@weir/probe';
import type { Command } from 'commander';
import { Type } from 'typebox';
import { commandOf, configure } from './config.js';

const SIGNS = { ok: 'ok  ', note: 'note', problem: 'FIX ', fatal: 'STOP' };
const { collector, domain, namespace, spool } = probeSchema.properties;
const doctorSchema = Type.Object({
  collector,
  domain,
  namespace,
  spool,
  'spool-size': probeSchema.properties['spool-size'],
});
/** Without a word of collectors there is none to look at. */
const DEFAULTS = { collector: [] };

interface DoctorOptions {
  readonly json?: boolean;
  readonly fix?: boolean;
  readonly restore?: boolean;
}

/** `weir doctor`: what stands in the way of metering in each network namespace, what it means, and how to mend it. */
export function doctorCommand(): Command {
  const command = commandOf('doctor', doctorSchema, DEFAULTS)
    .description('Look at what stands in the way of metering, and how to mend it.')
    .option('--json', 'one JSON object a line')
    .option('--fix', 'mend what can be mended, and remember how it was')
    .option('--restore', 'put back what --fix or an ended "weir up" changed');
  return command.action(async (options: DoctorOptions) => {
    const config = configure(doctorSchema, command, [probeSchema, collectorSchema], DEFAULTS);
    const targets = parseNamespaces(config.namespace, config.domain);
    const several = targets.length > 1;
    for (const patient of targets.map(patientOf)) {
      if (several && !options.json) process.stdout.write(`network namespace ${patient.name}\n`);
      await examine(patient, several, options);
    }
    if (!options.restore)
      report([...sourceFindings(), ...(await exportFindings(config))], printer(options.json === true, {}));
  });
}

async function examine(patient: Patient, several: boolean, options: DoctorOptions): Promise<void> {
  const print = printer(options.json === true, several ? { namespace: patient.name } : {});
  if (options.restore) return print.changes(await patient.restore(), 'nothing to restore');
  if (options.fix) {
    print.changes(await patient.mend(), 'nothing to mend');
    // Some things can be looked at only after others are mended: tracking needs the loopback interface.
    const later = await patient.mend();
    if (later.length > 0) print.changes(later, '');
  }
  report(await patient.look(), print);
}

function report(findings: Finding[], print: ReturnType<typeof printer>): void {
  print.findings(findings);
  if (findings.some(finding => finding.level === 'problem' || finding.level === 'fatal')) process.exitCode = 1;
}

/** @param context what each JSON object says beside the finding */
function printer(json: boolean, context: object) {
  const write = (value: object) => process.stdout.write(`${JSON.stringify({ ...context, ...value })}\n`);
  return {
    changes(lines: string[], nothing: string): void {
      if (json) for (const change of lines.length === 0 ? [null] : lines) write({ change });
      else for (const line of lines.length === 0 ? [nothing] : lines) process.stdout.write(`${line}\n`);
    },
    findings(findings: Finding[]): void {
      for (const finding of findings) {
        if (json) write(finding);
        else printText(finding);
      }
    },
  };
}

function printText({ level, what, meaning, command, fixable }: Finding): void {
  process.stdout.write(`${SIGNS[level]}  ${what}\n`);
  if (meaning !== '') process.stdout.write(`      ${meaning}\n`);
  if (command !== undefined) process.stdout.write(`      -> ${command}\n`);
  if (level === 'problem' && fixable) process.stdout.write('      (weir doctor --fix does it)\n');
}
