import * as all from 'fast-check';

/** Each case costs an interpreter in an emulator what a hundred cost Node, where all of them are tried. */
const CASES = 20;

export * from 'fast-check';

type Assert = typeof all.assert;

export const assert = ((property: never, parameters?: { numRuns?: number }) =>
  all.assert(property, { ...parameters, numRuns: Math.min(CASES, parameters?.numRuns ?? CASES) })) as Assert;

export default { ...all, assert };
