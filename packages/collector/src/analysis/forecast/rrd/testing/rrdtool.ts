import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { additive, type RrdParameters, type RrdStart } from '../parameters.js';

const FIRST = 1_000_000_020;
const STEP = 60;

/** Values in the order of time; a number of steps that no update tells of. */
export type RrdInput = number | { readonly hole: number };

/** What RRDtool has after a series: a row for each step. */
export interface RrdOutput {
  readonly start: RrdStart;
  readonly prediction: Float64Array;
  readonly deviation: Float64Array;
  readonly failure: Float64Array;
  readonly seasonal: Float64Array;
}

/** Why RRDtool cannot be asked, or nothing. */
export function withoutRrdtool(): string | undefined {
  const { status } = spawnSync('rrdtool', ['--version']);
  return status === 0 ? undefined : 'no rrdtool (Debian: apt-get install rrdtool)';
}

/** Feeds a new file of RRDtool's with the series, one update a step, and reads what it has made of it. */
export function askRrdtool(parameters: RrdParameters, input: readonly RrdInput[]): RrdOutput {
  const directory = mkdtempSync(join(tmpdir(), 'weir-rrd-'));
  try {
    const file = join(directory, 'series.rrd');
    const steps = input.reduce<number>((sum, each) => sum + (typeof each === 'number' ? 1 : each.hole), 0);
    rrdtool(['create', file, '--start', `${FIRST}`, '--step', `${STEP}`, ...archives(parameters, steps)]);
    const start = startOf(file);
    rrdtool(['-'], updates(file, input));
    const rows = rowsOf(rrdtool(['dump', file]));
    const last = (name: string) => (rows.get(name) ?? new Float64Array()).slice(-steps);
    return {
      start,
      prediction: last(parameters.model === additive ? 'HWPREDICT' : 'MHWPREDICT'),
      deviation: last('DEVPREDICT'),
      failure: last('FAILURES'),
      seasonal: rows.get('SEASONAL') ?? new Float64Array(),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function rrdtool(args: string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('rrdtool', args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  const error = /^ERROR.*/m.exec(stdout)?.[0] ?? stderr;
  if (status !== 0 || error !== '') throw new Error(`rrdtool ${args.join(' ')}: ${error}`);
  return stdout;
}

/** A second without an update more than a step is unknown: holes are not filled with the value behind them. */
function archives(parameters: RrdParameters, steps: number): string[] {
  const { alpha, beta, gamma, deviationGamma, period, threshold, window } = parameters;
  const rows = Math.max(steps, period);
  const name = parameters.model === additive ? 'HWPREDICT' : 'MHWPREDICT';
  return [
    `DS:v:GAUGE:${STEP}:U:U`,
    `RRA:${name}:${rows}:${alpha}:${beta}:${period}:2`,
    `RRA:SEASONAL:${period}:${gamma}:1:smoothing-window=${parameters.smoothingWindow}`,
    `RRA:DEVSEASONAL:${period}:${deviationGamma}:1:smoothing-window=${parameters.deviationSmoothingWindow}`,
    `RRA:DEVPREDICT:${rows}:3`,
    `RRA:FAILURES:${rows}:${threshold}:${window}:3`,
  ];
}

function startOf(file: string): RrdStart {
  const info = rrdtool(['info', file]);
  const row = (archive: number) => Number(new RegExp(`rra\\[${archive}\\].cur_row = (\\d+)`).exec(info)?.[1]);
  const smoothRow = Number(/<seasonal_smooth_idx>(\d+)/.exec(rrdtool(['dump', file]))?.[1]);
  return { seasonalRow: row(1), deviationRow: row(2), smoothRow };
}

function updates(file: string, input: readonly RrdInput[]): string {
  let time = FIRST;
  const lines = input.map(each => {
    time += STEP * (typeof each === 'number' ? 1 : each.hole);
    return `update ${file} ${time}:${typeof each === 'number' && !Number.isNaN(each) ? each : 'U'}\n`;
  });
  return lines.join('');
}

function rowsOf(dump: string): Map<string, Float64Array> {
  return new Map(
    dump.split('<rra>').flatMap((text): [string, Float64Array][] => {
      const name = /<cf>(\w+)</.exec(text)?.[1];
      const rows = [...text.matchAll(/<row><v>([^<]+)<\/v><\/row>/g)].map(([, value]) => Number(value));
      return name === undefined ? [] : [[name, Float64Array.from(rows)]];
    }),
  );
}
