/**
 * On what scale the parts of a series add up. On `linear` they are sums; on `log` they are factors (multiplicative Holt-Winters); `root` is between
 * them and the one where the scatter of counts is the same at any size (Bartlett 1936), so it is what nothing else speaks against.
 */
export type Scale = 'linear' | 'root' | 'log';

export const scales: readonly Scale[] = ['linear', 'root', 'log'];

/** @param unit of `log`: values well below it are all alike; above 0 */
export function toScale(scale: Scale, value: number, unit: number): number {
  if (scale === 'linear') return value;
  const size = Math.abs(value);
  const scaled = scale === 'root' ? Math.sqrt(size) : Math.log1p(size / unit);
  return value < 0 ? -scaled : scaled;
}

export function fromScale(scale: Scale, scaled: number, unit: number): number {
  if (scale === 'linear') return scaled;
  const size = Math.abs(scaled);
  const value = scale === 'root' ? size * size : Math.expm1(size) * unit;
  return scaled < 0 ? -value : value;
}

/** How far a value moves on its scale when it grows by a share of itself, and by an amount beside. */
export function shareOnScale(scale: Scale, scaled: number, share: number, amount: number, unit: number): number {
  const size = Math.abs(scaled);
  if (scale === 'linear') return size * share + amount;
  const value = fromScale(scale, size, unit);
  return toScale(scale, value * (1 + share) + amount, unit) - size;
}

/** Values of which one middle and its scatter are taken. */
const BLOCK = 24;
const LEAST_BLOCKS = 24;
/** What another scale than `root` has to be better by. */
const MARGIN = 0.03;

/**
 * The scale that a series calls for: the one on which values are as far above their middle as below it, so that bands that are as wide above as
 * below suit them. Quantiles within short blocks, so that it is about scatter and not about the time of day.
 * @param values in the order of time, NaN where unknown @returns `unit`: of the logarithmic scale, small beside usual values
 */
export function chooseScale(values: ArrayLike<number>): { scale: Scale; unit: number } {
  const blocks: number[][] = [];
  for (let i = 0; i + BLOCK <= values.length; i += BLOCK) {
    const block = Array.from({ length: BLOCK }, (_, j) => values[i + j] as number);
    if (block.every(Number.isFinite)) blocks.push(block.sort((a, b) => a - b));
  }
  const middles = blocks.map(block => block[BLOCK / 2] as number).sort((a, b) => a - b);
  const unit = Math.max(Number.MIN_VALUE, 0.1 * (middles[middles.length >> 1] ?? 1));
  if (blocks.length < LEAST_BLOCKS) return { scale: 'root', unit };
  const skew = (scale: Scale) => Math.abs(skewness(blocks, value => toScale(scale, value, unit)));
  const best = skew('log') < skew('linear') ? 'log' : 'linear';
  return { scale: skew(best) + MARGIN < skew('root') ? best : 'root', unit };
}

/** How much farther the upper tenth is from the middle than the lower one is, -1 to 1. @param blocks sorted */
function skewness(blocks: readonly (readonly number[])[], scaled: (value: number) => number): number {
  let sum = 0;
  let count = 0;
  for (const block of blocks) {
    const [low, middle, high] = [0.1, 0.5, 0.9].map(share => scaled(block[Math.round(share * (BLOCK - 1))] as number));
    if (!(high > low)) continue;
    sum += (high - 2 * middle + low) / (high - low);
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
