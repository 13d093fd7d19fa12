/** `npm run soak -- [--minutes N] [--seed N] [--out FILE]` */
import { writeFileSync } from 'node:fs';
import { soakPlan } from './plan.js';
import { soakReport } from './report.js';
import { soak } from './soak.js';
import { failures } from './verdict.js';

const usage = 'usage: npm run soak -- [--minutes N] [--seed N] [--out FILE.md]';

function option(name: string, fallback: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : (process.argv[at + 1] ?? '');
}

const [minutes, seed] = [Number(option('minutes', '60')), Number(option('seed', '4739'))];
const out = option('out', 'soak.md');
if (!(minutes > 0) || !Number.isInteger(seed) || !out.endsWith('.md')) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}
const begun = Date.now();
try {
  const done = await soak(soakPlan(minutes, seed), doing => {
    process.stdout.write(`${((Date.now() - begun) / 1000).toFixed(0).padStart(5)} s  ${doing}\n`);
  });
  const { text, plot } = soakReport(done, out.replace(/^.*\/|\.md$/g, ''));
  writeFileSync(out, text);
  writeFileSync(out.replace(/\.md$/, '.svg'), plot);
  for (const each of failures(done)) process.stdout.write(`FAILED  ${each}\n`);
  process.stdout.write(`the report is in ${out}\n`);
  process.exitCode = failures(done).length > 0 ? 1 : 0;
} catch (problem) {
  process.stderr.write(`soak: ${(problem as Error).message}\n`);
  process.exitCode = 1;
}
