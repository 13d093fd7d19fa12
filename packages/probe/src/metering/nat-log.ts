import { FlowRecord } from './flow-record.js';
import { identify } from './identify.js';
import type { Observation } from './observation.js';
import { RecentEnds } from './recent-ends.js';

/** natEvent (IANA, Information Element 230): the values of NAT44, and for IPv6, which has none of its own, the general ones. */
const NAT44_SESSION_CREATE = 4;
const NAT44_SESSION_DELETE = 5;
const NAT_TRANSLATION_CREATE = 1;
const NAT_TRANSLATION_DELETE = 2;

/**
 * In place of the Meter: tells when translations of addresses and ports begin and end (RFC 8158), and nothing of traffic.
 * Connections that are not translated are left out; a translation that was there before the log began is told of at its end only.
 */
export class NatLog {
  readonly counters = { created: 0, deleted: 0, repeated: 0 };
  readonly #record = new FlowRecord();
  readonly #recentEnds: RecentEnds;

  /**
   * @param emit takes the record; the instance is filled again after it returns
   * @param recentEnds that are remembered, where they are not those of a server
   */
  constructor(
    private readonly emit: (record: FlowRecord) => void,
    recentEnds?: number,
  ) {
    this.#recentEnds = new RecentEnds(recentEnds);
  }

  beginSweep(): void {}

  observeLive(): void {}

  endSweep(): void {}

  observeChange(): void {}

  observeNew(o: Observation, at: number): void {
    const event = o.family === 6 ? NAT_TRANSLATION_CREATE : NAT44_SESSION_CREATE;
    if (this.#tell(o, event, at)) this.counters.created++;
  }

  observeEnd(o: Observation): void {
    if (this.#recentEnds.isRepeated(o)) {
      this.counters.repeated++;
      return;
    }
    this.#recentEnds.add(o);
    const event = o.family === 6 ? NAT_TRANSLATION_DELETE : NAT44_SESSION_DELETE;
    if (this.#tell(o, event, o.seen)) this.counters.deleted++;
  }

  #tell(o: Observation, event: number, at: number): boolean {
    const record = this.#record;
    identify(record, o);
    if (!record.translated) return false;
    record.natEvent = event;
    record.observationTime = at;
    this.emit(record);
    return true;
  }
}
