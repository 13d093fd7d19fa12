import type { EventForm } from '../events/event.js';
import type { Finding } from '../events/finding.js';
import type { Interval, TargetSums } from './interval.js';
import { Recent } from './recent.js';
import { FAILED_TO_ANSWERED, FLOOD_WINDOW, type Thresholds } from './thresholds.js';

/** Milliseconds without a finding that end a flood: longer than the usual pause between two reports of a flow. */
const PATIENCE = 120_000;
/** Milliseconds that a rate is told over at least. */
const LEAST_TIME = 5000;

/** Finds targets that more comes to than they answer. */
export class Floods {
  readonly #thresholds: Thresholds;
  readonly #recent = new Recent<TargetSums>(FLOOD_WINDOW);

  constructor(thresholds: Thresholds) {
    this.#thresholds = thresholds;
  }

  take({ begin, end, targets }: Interval): Finding[] {
    const findings = targets.flatMap(sums => {
      const parts = this.#recent.keep(sums.target, sums, begin, end);
      const finding = this.#findingOf(
        parts.map(part => part.sums),
        parts[0]!.begin,
        end,
      );
      return finding === undefined ? [] : [finding];
    });
    this.#recent.forget(end);
    return findings;
  }

  #findingOf(parts: readonly TargetSums[], start: number, end: number): Finding | undefined {
    const total = (name: 'tcp' | 'udp' | 'icmp' | 'other' | 'answered' | 'packets' | 'ports') =>
      parts.reduce((sum, part) => sum + part[name], 0);
    const forms: readonly (readonly [EventForm, number])[] = [
      ['syn', total('tcp')],
      ['udp', total('udp')],
      ['icmp', total('icmp')],
      ['other', total('other')],
    ];
    const failed = forms.reduce((sum, [, flows]) => sum + flows, 0);
    const packets = total('packets');
    const { floodFlows, floodPackets } = this.#thresholds;
    const spread = Math.max(...parts.map(part => part.spread));
    const lasts = Math.max(FLOOD_WINDOW, spread) / 1000;
    const byFlows = isFlood(parts, failed, total('answered'), total('ports')) ? failed / (floodFlows * lasts) : 0;
    const byPackets = packets / (floodPackets * (FLOOD_WINDOW / 1000));
    const strength = Math.max(byFlows, byPackets);
    if (strength === 0) return undefined;
    const seconds = Math.max(LEAST_TIME, end - start, spread) / 1000;
    const rate = byFlows >= byPackets ? failed : packets;
    const { target } = parts[0]!;
    return {
      ...{ key: `flood ${target}`, kind: 'flood', target, patience: PATIENCE, start, strength },
      ...onlySource(parts),
      form: forms.reduce((most, form) => (form[1] > most[1] ? form : most))[0],
      subject: { name: target, filter: `dst host ${target}` },
      size: rate / seconds,
      unit: byFlows >= byPackets ? 'flows/s' : 'packets/s',
    };
  }
}

/** Who asks a port again and again, so many times, is no scanner, who tries twice or three times. */
const FLOWS_A_PORT = 4;

/** Mostly unanswered; and where it is of one source, more flows than ports: else it is a scan of ports. */
function isFlood(parts: readonly TargetSums[], failed: number, answered: number, ports: number): boolean {
  if (failed < FAILED_TO_ANSWERED * answered) return false;
  return onlySource(parts).source === undefined || failed >= FLOWS_A_PORT * ports;
}

function onlySource(parts: readonly TargetSums[]): { source?: string } {
  const { source } = parts[0]!;
  return parts.every(part => part.sources === 1 && part.source === source) ? { source } : {};
}
