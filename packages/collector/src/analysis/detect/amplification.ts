import type { Finding } from '../events/finding.js';
import type { AnswerSums, Interval } from './interval.js';
import { Recent } from './recent.js';
import { FLOOD_WINDOW, type Thresholds } from './thresholds.js';

/**
 * Services over UDP whose answers are many times as long as what asks for them (US-CERT alert TA14-017A; WS-Discovery and ARMS since). SNMP
 * is left out: who walks the tables of devices gets as much for as little, and is meant to. So is TFTP, which answers from other ports.
 */
export const amplifiers: ReadonlyMap<number, string> = new Map([
  [17, 'qotd'],
  [19, 'chargen'],
  [53, 'dns'],
  [111, 'portmap'],
  [123, 'ntp'],
  [389, 'cldap'],
  [1900, 'ssdp'],
  [3283, 'arms'],
  [3702, 'ws-discovery'],
  [11211, 'memcached'],
]);

/** Octets of answers for each that asked: a resolver's ordinary answers are three to five times as long as the questions; NTP's as long. */
const LEAST_FACTOR = 10;
const PATIENCE = 120_000;
const LEAST_TIME = 5000;

/** Finds hosts that get far more from such services than they have asked for: they are the target, whoever asked in their name. */
export class Amplifications {
  readonly #thresholds: Thresholds;
  readonly #recent = new Recent<AnswerSums>(FLOOD_WINDOW);

  constructor(thresholds: Thresholds) {
    this.#thresholds = thresholds;
  }

  take({ begin, end, answers }: Interval): Finding[] {
    const findings = answers.map(sums => {
      const parts = this.#recent.keep(`${sums.victim} ${sums.port}`, sums, begin, end);
      return this.#findingOf(
        parts.map(part => part.sums),
        parts[0]!.begin,
        end,
      );
    });
    this.#recent.forget(end);
    // Of a target that several services answer the largest is told.
    const largest = new Map<string, Finding>();
    for (const finding of findings) {
      if (finding.strength > (largest.get(finding.key)?.strength ?? 0)) largest.set(finding.key, finding);
    }
    return [...largest.values()];
  }

  #findingOf(parts: readonly AnswerSums[], start: number, end: number): Finding {
    const { victim, port, server } = parts[0]!;
    const answered = parts.reduce((sum, part) => sum + part.answered, 0);
    const asked = parts.reduce((sum, part) => sum + part.asked, 0);
    const bits = 8 * answered;
    const isAmplified = answered >= LEAST_FACTOR * asked;
    const oneServer = parts.every(part => part.servers === 1 && part.server === server);
    return {
      ...{ key: `amplification ${victim}`, kind: 'amplification', target: victim, patience: PATIENCE, start },
      ...(oneServer ? { source: server } : {}),
      service: `udp/${port}`,
      subject: { name: victim, filter: `host ${victim} and proto udp and port ${port}` },
      size: bits / (Math.max(LEAST_TIME, end - start) / 1000),
      unit: 'bit/s',
      strength: isAmplified ? bits / (this.#thresholds.amplified * (FLOOD_WINDOW / 1000)) : 0,
    };
  }
}
