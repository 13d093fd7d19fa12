import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Result, runTrials, type TrialSubject } from '@weir/lab';
import { chooseParameters } from '../../../packages/collector/dist/analysis/forecast/choice.js';
import { Forecast } from '../../../packages/collector/dist/analysis/forecast/forecast.js';
import { RrdHoltWinters } from '../../../packages/collector/dist/analysis/forecast/rrd/holt-winters.js';
import { rrdDefaults } from '../../../packages/collector/dist/analysis/forecast/rrd/parameters.js';
import { withoutRrdtool } from '../../../packages/collector/dist/analysis/forecast/rrd/testing/rrdtool.js';
import { synthetic } from '../../../packages/collector/dist/analysis/forecast/testing/synthetic.js';

const SERIES = 10_000;
const STEPS = 60;
/** Steps of all series before any is measured: two days, so that they are judged. */
const WARM_UP = 2950;
const YEAR = 365;
const MINUTE = 60_000;
const UPDATES_A_LINE = 1000;
const runs = 5;

/** What a step of many series costs, and a year of one. */
export async function* speedCases(): AsyncGenerator<Result[]> {
  const forecast = new Forecast();
  for (let i = 0; i < SERIES; i++) forecast.add({ scale: i % 3 === 0 ? 'log' : 'root', unit: 1000 });
  const live = { name: 'Weir', trial: () => Promise.resolve(step(forecast)) };
  const measures = { 'a step of all': 'ms', 'a series and step': 'ns', 'their state': 'MB' };
  yield await runTrials('analysis', { name: `${SERIES} series live, a minute each`, measures, subjects: [live], runs });
  yield await choiceCase();
  const { time, value } = synthetic('office', 1, YEAR);
  const subjects: TrialSubject[] = [
    { name: 'Weir', trial: () => Promise.resolve(spent(() => weir(time, value))) },
    { name: 'Weir, as RRDtool has it', trial: () => Promise.resolve(spent(() => rrd(value))) },
  ];
  const reason = withoutRrdtool();
  if (reason === undefined) subjects.push({ name: 'rrdtool', trial: () => Promise.resolve(rrdtool(value)) });
  else console.error(`skipped: rrdtool: ${reason}`);
  const name = `a year of one series, ${value.length} steps`;
  yield await runTrials('analysis', { name, measures: { 'processor time': 's' }, subjects, runs: 3 });
}

/** What it costs to choose a series' parameters, of the two weeks that are learnt. */
async function choiceCase(): Promise<Result[]> {
  const series = (['link', 'office', 'host', 'counts'] as const).map(kind => synthetic(kind, 3, 14));
  const trial = () => {
    const { user, system } = process.cpuUsage();
    for (const each of series) chooseParameters(each);
    const after = process.cpuUsage();
    return Promise.resolve({
      'processor time': (after.user + after.system - user - system) / 1000 / series.length,
    });
  };
  const name = "a series' parameters, chosen by two weeks of minutes";
  return await runTrials('analysis', {
    ...{ name, measures: { 'processor time': 'ms' }, runs },
    subjects: [{ name: 'Weir', trial }],
  });
}

let at = 0;

function step(forecast: Forecast): Record<string, number> {
  const changed = new Int32Array(SERIES);
  const { value } = synthetic('office', 2, 14);
  const values = new Float64Array(SERIES);
  const all = () => {
    for (let i = 0; i < SERIES; i++) values[i] = value[(at + i) % value.length]!;
    const { user, system } = process.cpuUsage();
    forecast.observeAll(Date.UTC(2026, 0, 5) + at++ * MINUTE, values, changed);
    const after = process.cpuUsage();
    return (after.user + after.system - user - system) / 1000;
  };
  while (at < WARM_UP) all();
  let milliseconds = 0;
  for (let i = 0; i < STEPS; i++) milliseconds += all();
  const each = milliseconds / STEPS;
  return { 'a step of all': each, 'a series and step': (each * 1e6) / SERIES, 'their state': forecast.octets / 1e6 };
}

function spent(run: () => void): Record<string, number> {
  const begun = processorSeconds();
  run();
  return { 'processor time': processorSeconds() - begun };
}

/** Of this process and of those that it has waited for: proc(5), in ticks of which Linux has 100 a second. */
function processorSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ').slice(11, 15);
  return fields.reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
}

function weir(time: Float64Array, value: Float64Array): void {
  const forecast = new Forecast({ timeZone: 'Europe/Berlin' });
  const series = forecast.add();
  for (let i = 0; i < value.length; i++) forecast.observe(series, time[i]!, value[i]!);
}

/** A season of a day: two cannot be had. */
function rrd(value: Float64Array): void {
  const model = new RrdHoltWinters({ ...rrdDefaults, period: 1440 });
  for (const each of value) model.observe(each);
}

/** One process that updates one file, many values a line, which is the fastest that the command has. */
function rrdtool(value: Float64Array): Record<string, number> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-bench-'));
  const file = join(directory, 'series.rrd');
  const begin = 1_000_000_020;
  const lines: string[] = [];
  for (let i = 0; i < value.length; i += UPDATES_A_LINE) {
    const rows = [...value.subarray(i, i + UPDATES_A_LINE)].map((each, j) => `${begin + (i + j + 1) * 60}:${each}`);
    lines.push(`update ${file} ${rows.join(' ')}\n`);
  }
  const archive = `RRA:HWPREDICT:10080:${rrdDefaults.alpha}:${rrdDefaults.beta}:1440`;
  try {
    run(['create', file, '--start', `${begin}`, '--step', '60', 'DS:v:GAUGE:120:U:U', archive], '');
    const input = lines.join('');
    return spent(() => run(['-'], input));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function run(args: string[], input: string): void {
  const { status, stdout } = spawnSync('rrdtool', args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0 || stdout.includes('ERROR')) throw new Error(`rrdtool ${args[0]}: ${stdout.slice(0, 200)}`);
}
