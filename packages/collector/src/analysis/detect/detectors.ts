import type { Finding } from '../events/finding.js';
import { Amplifications } from './amplification.js';
import { Floods } from './floods.js';
import type { Interval } from './interval.js';
import { Scans } from './scans.js';
import { KNOWN_FROM, type Thresholds } from './thresholds.js';

/** All that look at what came since the look before. One attack is one finding, by what tells most of it. */
export class Detectors {
  readonly #scans: Scans;
  readonly #floods: Floods;
  readonly #amplifications: Amplifications;

  constructor(thresholds: Thresholds) {
    this.#scans = new Scans(thresholds);
    this.#floods = new Floods(thresholds);
    this.#amplifications = new Amplifications(thresholds);
  }

  take(interval: Interval): Finding[] {
    const amplifications = this.#amplifications.take(interval);
    const amplified = targetsOf(amplifications);
    const floods = this.#floods.take(interval).filter(({ target }) => !amplified.has(target));
    const flooded = targetsOf(floods);
    // A flood to many ports of one target is no scan; of many targets on one port none of them is flooded.
    const scans = this.#scans.take(interval).filter(({ target }) => target === undefined || !flooded.has(target));
    return [...amplifications, ...floods, ...scans];
  }
}

function targetsOf(findings: readonly Finding[]): ReadonlySet<string | undefined> {
  return new Set(findings.filter(({ strength }) => strength >= KNOWN_FROM).map(({ target }) => target));
}
