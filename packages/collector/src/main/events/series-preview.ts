import { previewOf } from '../../analysis/events/preview.js';
import type { SeriesParameters } from '../../analysis/forecast/parameters.js';
import type { Fixed, PreviewAsked, SeriesPreview } from '../../http/events.js';
import { givenOf } from './fixed-parameters.js';
import { type Minutes, readAll } from './minutes.js';
import { chooseBy } from './review.js';
import type { WatchedMeasureState } from './watched-things.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** What is learnt before the time that is asked for, as of what is newly watched. */
const HISTORY = 14 * DAY;
/** And at most, of what is watched for long. */
const LONGEST = 28 * DAY;

export interface SeriesPreviewOptions {
  readonly asked: PreviewAsked;
  readonly minutes: Minutes;
  readonly timeZone: string;
  /** Of the series, if it is watched. */
  readonly series: WatchedMeasureState | undefined;
  /** Milliseconds since the epoch: what is later is not complete. */
  readonly until: number;
  /** What is fixed of it by hand. */
  readonly fixed: Fixed;
}

/**
 * What would have been told of a series from a time on. It is what is told of it, if it is watched: learnt from the same minute on, with the same parameters, of
 * the same values; if not, as if its watching had begun then.
 */
export async function previewOfSeries(options: SeriesPreviewOptions): Promise<SeriesPreview> {
  const { asked, series, minutes, timeZone, fixed } = options;
  const { subject, measure } = asked;
  const to = whole(Math.min(asked.to, options.until));
  const from = Math.min(whole(asked.from), to);
  const isLearnt = series !== undefined && series.begin <= from - MINUTE && series.begin >= from - LONGEST;
  const begin = isLearnt ? series.begin : from - HISTORY;
  const values = await readAll(minutes, { thing: subject, measure }, begin, to);
  const isOwn = series !== undefined && asked.fixed === undefined && isOf(series.parameters, fixed);
  const learnt = values.subarray(0, (from - begin) / MINUTE);
  const given = { timeZone, ...givenOf(measure, asked.fixed ?? fixed) };
  const parameters = isOwn ? series.parameters : chooseBy(learnt, from, given);
  const all = { ...parameters, timeZone, step: MINUTE / 1000 };
  return { ...previewOf(values, { subject, measure, begin, from, parameters: all }), parameters };
}

/** Whether a series has what is fixed already. */
function isOf(parameters: SeriesParameters, fixed: Fixed): boolean {
  return Object.entries(fixed).every(([name, value]) => parameters[name as keyof Fixed] === value);
}

function whole(time: number): number {
  return Math.floor(time / MINUTE) * MINUTE;
}
