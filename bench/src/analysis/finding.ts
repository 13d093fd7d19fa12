import { type Result, runTrials, type TrialSubject } from '@weir/lab';
import {
  additive,
  type RrdParameters,
  rrdDefaults,
} from '../../../packages/collector/dist/analysis/forecast/rrd/parameters.js';
import {
  type Alarms,
  rrdAlarms,
  rrdGrid,
  weirAlarms,
} from '../../../packages/collector/dist/analysis/forecast/testing/detectors.js';
import { nabScore } from '../../../packages/collector/dist/analysis/forecast/testing/nab.js';
import {
  type LabelledSeries,
  readLabelled,
  withoutLabelled,
} from '../../../packages/collector/dist/analysis/forecast/testing/series.js';
import { kinds, synthetic } from '../../../packages/collector/dist/analysis/forecast/testing/synthetic.js';

const DAY = 86_400;
const measures = {
  'windows found': 'windows',
  'false alarms': 'alarms',
  'delay, median': '% of the window',
  'score, alarms': 'of 100',
  'score, values': 'of 100',
};
/** Traffic of each kind: one to choose RRDtool's parameters by, and others to judge all by. */
const DAYS = 35;
const SEED_TO_CHOOSE_BY = 1;
const SEEDS = [2, 3, 4];

type Detector = (series: LabelledSeries) => Alarms;

/** What is found of what is known to be unusual, beside RRDtool's FAILURES with its best parameters. */
export async function* findingCases(): AsyncGenerator<Result[]> {
  const reason = withoutLabelled();
  if (reason !== undefined) console.error(`skipped: labelled series: ${reason}`);
  else yield await findingCase('labelled series', readLabelled(), readLabelled());
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const chosenBy = names.map(kind => synthetic(kind, SEED_TO_CHOOSE_BY, DAYS));
  for (const kind of names) {
    const series = SEEDS.map(seed => synthetic(kind, seed, DAYS));
    yield await findingCase(`traffic in steps of a minute, ${kind}`, series, chosenBy);
  }
}

/** @param chosenBy the series that RRDtool's parameters are chosen by */
async function findingCase(name: string, series: readonly LabelledSeries[], chosenBy: readonly LabelledSeries[]) {
  const subjects = [
    subject('Weir', series, each => weirAlarms(each)),
    subject('FAILURES as in rrdcreate(1)', series, each =>
      rrdAlarms(each, { ...rrdDefaults, period: DAY / each.step }),
    ),
    ...bestOf(chosenBy).map(({ title, parameters }) =>
      subject(title, series, each => rrdAlarms(each, parameters(each.step))),
    ),
  ];
  return await runTrials('analysis', { name, measures, subjects, runs: 1 });
}

function subject(name: string, series: readonly LabelledSeries[], detect: Detector): TrialSubject {
  const trial = () => {
    const alarms = series.map(detect);
    const begun = nabScore(
      series,
      alarms.map(each => each.begun),
    );
    const values = nabScore(
      series,
      alarms.map(each => each.values),
    );
    const delay = begun.delays[begun.delays.length >> 1];
    return Promise.resolve({
      'windows found': begun.found,
      'false alarms': begun.falseAlarms,
      ...(delay === undefined ? {} : { 'delay, median': 100 * delay }),
      'score, alarms': begun.score,
      'score, values': values.score,
    });
  };
  return { name, trial };
}

const chosen = new Map<readonly LabelledSeries[], ReturnType<typeof search>>();

function bestOf(series: readonly LabelledSeries[]) {
  const known = chosen.get(series) ?? search(series);
  chosen.set(series, known);
  return known;
}

/** The best of the grid by alarms, and by values. */
function search(series: readonly LabelledSeries[]) {
  const best = { begun: Number.NEGATIVE_INFINITY, values: Number.NEGATIVE_INFINITY };
  const found = new Map<keyof typeof best, (step: number) => RrdParameters>();
  for (const parameters of rrdGrid()) {
    const alarms = series.map(each => rrdAlarms(each, parameters(each.step)));
    for (const of of ['begun', 'values'] as const) {
      const { score } = nabScore(
        series,
        alarms.map(each => each[of]),
      );
      if (score <= best[of]) continue;
      best[of] = score;
      found.set(of, parameters);
    }
  }
  return [...found].map(([of, parameters]) => {
    const by = of === 'begun' ? 'by alarms' : 'by values';
    return { title: `FAILURES, best of a grid ${by} (${words(parameters(DAY))})`, parameters };
  });
}

/** @param parameters for steps of a day */
function words({ model, alpha, beta, gamma, period, deltaPositive, threshold, window }: RrdParameters): string {
  const season = period === 1 ? 'day' : 'week';
  const name = model === additive ? 'HWPREDICT' : 'MHWPREDICT';
  return `${name}:${alpha}:${beta}, gamma ${gamma}, season of a ${season}, delta ${deltaPositive}, ${threshold} of ${window}`;
}
