import { writeFileSync } from 'node:fs';
import {
  html,
  jsonLines,
  loadScenario,
  outcomeOf,
  runScenario,
  type ScenarioResult,
  shippedScenarios,
  subjects,
  table,
} from '@weir/lab';
import { Command } from 'commander';
import { UsageError, WeirError } from '../error.js';

interface RunOptions {
  readonly subject: string[];
  readonly json?: boolean;
  readonly html?: string;
}

/** `weir lab run`: runs scenarios and says how each subject told their traffic. */
export function runCommand(): Command {
  return new Command('run')
    .description('Run scenarios: how exporters tell traffic of which the truth is known. Root.')
    .argument('<scenario...>', 'names of "weir lab list", scenario files, or all')
    .option('--subject <name>', `exporter under test, may be repeated: ${[...subjects.keys()].join(', ')}`, collect, [])
    .option('--json', 'one JSON object a line')
    .option('--html <file>', 'also write a page with plots')
    .action(async (names: string[], options: RunOptions) => {
      const results = await run(names, options);
      if (options.html !== undefined) writePage(options.html, results);
      process.stdout.write(options.json ? jsonLines(results) : table(results, process.stdout.columns));
      if (!passed(results)) process.exitCode = 1;
    });
}

const collect = (name: string, before: string[]): string[] => [...before, name];

async function run(names: readonly string[], { subject }: RunOptions): Promise<ScenarioResult[]> {
  const scenarios = names.flatMap(name => (name === 'all' ? shippedScenarios() : [loadScenario(name)]));
  const under = (subject.length === 0 ? ['weir'] : subject).map(name => {
    const found = subjects.get(name);
    if (found === undefined)
      throw new UsageError(`no subject is called "${name}"; there are ${[...subjects.keys()].join(', ')}`);
    return found;
  });
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    for (const each of under) {
      const tell = (doing: string): void => progress(`${scenario.name}, ${each.name}: ${doing} ...`);
      results.push(await runScenario(scenario, each, tell));
    }
  }
  progress('');
  return results;
}

/** Where nothing ran, or the truth is not known, nothing has passed. */
function passed(results: readonly ScenarioResult[]): boolean {
  const outcomes = results.map(outcomeOf);
  return outcomes.includes('passed') && outcomes.every(outcome => outcome === 'passed' || outcome === 'skipped');
}

/** One line on the terminal that is written over; elsewhere one line each. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}

function writePage(file: string, results: readonly ScenarioResult[]): void {
  try {
    writeFileSync(file, html(results));
  } catch (problem) {
    throw new WeirError(`the page cannot be written: ${(problem as Error).message}; give --html a file that can be`);
  }
}
