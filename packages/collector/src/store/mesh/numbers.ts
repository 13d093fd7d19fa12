/**
 * Numbers as the history has them: integers, 0 where there is none. Steps of qualities divide 1/255, so that what routing protocols
 * count in 255ths is kept exactly.
 */
const QUALITY_STEPS = 255 * 256;
/** olsrd counts ETX in these; whole numbers are kept exactly. */
const COST_STEPS = 1024;
const LARGEST_COST = 2 ** 32;

export function qualityIn(quality: number | undefined): number {
  return quality === undefined ? 0 : Math.round(Math.min(Math.max(quality, 0), 1) * QUALITY_STEPS) + 1;
}

export function qualityOf(kept: number): number | undefined {
  return kept === 0 ? undefined : (kept - 1) / QUALITY_STEPS;
}

export function costIn(cost: number | undefined): number {
  return cost === undefined ? 0 : Math.round(Math.min(Math.max(cost, 0), LARGEST_COST) * COST_STEPS) + 1;
}

export function costOf(kept: number): number | undefined {
  return kept === 0 ? undefined : (kept - 1) / COST_STEPS;
}

export function clientsIn(clients: number | undefined): number {
  return clients === undefined ? 0 : Math.min(Math.max(Math.round(clients), 0), 2 ** 31) + 1;
}

export function clientsOf(kept: number): number | undefined {
  return kept === 0 ? undefined : kept - 1;
}
