import type { NamespaceStatus } from './probe.js';

interface Totals {
  live: number;
  exported: number;
  ended: number;
  lost: number;
}

/** One line that tells how metering goes, from what the probe counted now and a moment before. */
export class StatusLine {
  #ended = 0;
  #time = 0;

  /** @param time milliseconds of a monotonic clock */
  text(namespaces: readonly NamespaceStatus[], time: number): string {
    const { live, exported, ended, lost } = totals(namespaces);
    const seconds = (time - this.#time) / 1000;
    // A namespace that went took its totals along.
    const rate = this.#time > 0 && seconds > 0 ? Math.max(0, ended - this.#ended) / seconds : 0;
    this.#ended = ended;
    this.#time = time;
    const absent = namespaces.filter(({ statistics }) => statistics === undefined).length;
    const collectors = namespaces.flatMap(each => each.collectors);
    const away = collectors.filter(({ totals }) => totals.away).length;
    return [
      `${Math.round(rate)} flows/s`,
      `${live} live`,
      `${exported} records exported`,
      `${lost} lost`,
      ...(away > 0 ? [`${away} of ${collectors.length} collectors away`] : []),
      ...(absent > 0 ? [`${absent} of ${namespaces.length} namespaces absent`] : []),
    ].join(', ');
  }
}

function totals(namespaces: readonly NamespaceStatus[]): Totals {
  const sum: Totals = { live: 0, exported: 0, ended: 0, lost: 0 };
  for (const { statistics } of namespaces) {
    sum.live += statistics?.conntrackEntryCount ?? 0;
    sum.exported += statistics?.exportedFlowRecordTotalCount ?? 0;
    sum.ended += statistics?.observedFlowTotalCount ?? 0;
    sum.lost += statistics?.notSentFlowTotalCount ?? 0;
  }
  return sum;
}
