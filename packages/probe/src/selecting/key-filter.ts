import { HAS_PORTS, type Observation, WORD_DESTINATION, WORD_PORTS, WORD_SOURCE } from '../metering/observation.js';
import { PROTOCOLS_WITH_PORTS } from '../metering/protocols.js';
import type { ChangeSink, ObservationSink } from '../metering/source.js';
import type { KeyTest } from './key-test.js';
import { isWithinAny } from './record-filter.js';

export type KeyPredicate = (o: Observation) => boolean;

/** The test over Observations: the same as the kernel's filter, for what the kernel does not filter. */
export function keyPredicate(test: KeyTest): KeyPredicate {
  switch (test.kind) {
    case 'always':
      return () => true;
    case 'never':
      return () => false;
    case 'all':
    case 'any': {
      const tests = test.tests.map(keyPredicate);
      const decisive = test.kind === 'any';
      return o => {
        for (let i = 0; i < tests.length; i++) if (tests[i](o) === decisive) return decisive;
        return !decisive;
      };
    }
    case 'family':
      return o => o.family === test.family;
    case 'protocol': {
      const { low, high, wanted } = test;
      return o => (o.protocol >= low && o.protocol <= high) === wanted;
    }
    case 'port': {
      const { low, high, wanted } = test;
      const shift = test.side === 'source' ? 16 : 0;
      return o => {
        const port = (o.words[WORD_PORTS] >>> shift) & 0xffff;
        const known = o.has(HAS_PORTS) && PROTOCOLS_WITH_PORTS.includes(o.protocol);
        return (known && port >= low && port <= high) === wanted;
      };
    }
    case 'address': {
      const ranges = [test.range];
      const offset = 4 * (test.side === 'source' ? WORD_SOURCE : WORD_DESTINATION);
      return o => isWithinAny(ranges, o.family, o.bytes, offset) === test.wanted;
    }
  }
}

/**
 * Lets through the Observations of connections that the filter can fit. Events and sweeps go through the same one, or a
 * connection that only one of them shows would look as if it had begun or ended.
 */
export class KeyFilter implements ObservationSink, ChangeSink {
  /** Observations kept from the Metering Process; those that the kernel kept back already are not among them. */
  filteredOut = 0;
  readonly #accepts: KeyPredicate;

  constructor(
    test: KeyTest,
    private readonly sink: ObservationSink & ChangeSink,
  ) {
    this.#accepts = keyPredicate(test);
  }

  beginSweep(): void {
    this.sink.beginSweep();
  }

  observeLive(o: Observation): void {
    if (this.#accepts(o)) this.sink.observeLive(o);
    else this.filteredOut++;
  }

  observeEnd(o: Observation): void {
    if (this.#accepts(o)) this.sink.observeEnd(o);
    else this.filteredOut++;
  }

  observeNew(o: Observation, at: number): void {
    if (this.#accepts(o)) this.sink.observeNew(o, at);
    else this.filteredOut++;
  }

  observeChange(o: Observation, at: number): void {
    if (this.#accepts(o)) this.sink.observeChange(o, at);
    else this.filteredOut++;
  }

  endSweep(now: number): void {
    this.sink.endSweep(now);
  }
}
