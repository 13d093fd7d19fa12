import type uPlot from 'uplot';
import type { SeriesResponse } from '../api/types.js';
import { type Band, stacked } from '../split/split.js';

type Values = readonly number[] | undefined;

/**
 * What the plot draws: seconds, then bit/s, in above zero and out below it. Of groups the sums from the axis on, the
 * outermost first; then what was before.
 */
export function plotData(
  series: SeriesResponse | undefined,
  bands: readonly Band[] | undefined,
  before: SeriesResponse | undefined,
): uPlot.AlignedData {
  const times = series?.times ?? [];
  const bits = (values: Values, sign: number): (number | null)[] =>
    times.map((_, i) => (values?.[i] === undefined ? null : values[i] * 8 * sign));
  const areas =
    bands === undefined
      ? [bits(series?.inOctets, 1), bits(series?.outOctets, -1)]
      : [
          ...stacked(bands.map(({ inOctets }) => inOctets)).map(sums => bits(sums, 1)),
          ...stacked(bands.map(({ outOctets }) => outOctets)).map(sums => bits(sums, -1)),
        ];
  return [times.map(time => time / 1000), ...areas, bits(before?.inOctets, 1), bits(before?.outOctets, -1)];
}
