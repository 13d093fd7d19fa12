import { checkPlatform, checkPrivilege, claimNamespace, type Finding, mend, preflight, restore } from '@weir/probe';
import { Command } from 'commander';
import { WeirError } from './error.js';

const SIGNS = { ok: 'ok  ', note: 'note', problem: 'FIX ', fatal: 'STOP' };

/** `weir doctor`: what stands in the way of metering in this network namespace, what it means, and how to mend it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Look at what stands in the way of metering here, and how to mend it.')
    .option('--json', 'one JSON object a line')
    .option('--fix', 'mend what can be mended, and remember how it was')
    .option('--restore', 'put back what --fix or an ended "weir up" changed')
    .action(async (options: { json?: boolean; fix?: boolean; restore?: boolean }) => {
      const print = options.json ? printJson : printText;
      if (options.restore) return printChanges(restoreAll(), 'nothing to restore', options.json);
      let findings = await preflight();
      if (options.fix) {
        printChanges(mend(findings, 'doctor'), 'nothing to mend', options.json);
        findings = await mendWhatShowsLater(options.json);
      }
      print(findings);
      if (findings.some(finding => finding.level === 'problem' || finding.level === 'fatal')) process.exitCode = 1;
    });
}

/** What is in use by a running `weir up` is not taken away from it. */
function restoreAll(): string[] {
  const obstacle = checkPlatform() ?? checkPrivilege();
  if (obstacle !== undefined) throw new WeirError(`${obstacle.what}: ${obstacle.meaning}`);
  const giveUp = claimNamespace();
  try {
    return [...restore('doctor'), ...restore('up')];
  } finally {
    giveUp();
  }
}

/** Some things can be looked at only after others are mended: tracking needs the loopback interface. */
async function mendWhatShowsLater(json: boolean | undefined): Promise<Finding[]> {
  const lines = mend(await preflight(), 'doctor');
  if (lines.length > 0) printChanges(lines, '', json);
  return preflight();
}

function printChanges(lines: string[], nothing: string, json: boolean | undefined): void {
  for (const line of lines.length === 0 ? [nothing] : lines) {
    process.stdout.write(json ? `${JSON.stringify({ change: lines.length === 0 ? null : line })}\n` : `${line}\n`);
  }
}

function printJson(findings: Finding[]): void {
  for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
}

function printText(findings: Finding[]): void {
  for (const { level, what, meaning, command, fixable } of findings) {
    process.stdout.write(`${SIGNS[level]}  ${what}\n`);
    if (meaning !== '') process.stdout.write(`      ${meaning}\n`);
    if (command !== undefined) process.stdout.write(`      -> ${command}\n`);
    if (level === 'problem' && fixable) process.stdout.write('      (weir doctor --fix does it)\n');
  }
}
