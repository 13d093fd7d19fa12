import { WeirError } from '../../error.js';
import type { Topology } from '../../http/types.js';
import { type Detected, detect } from '../detect.js';
import { keepLinkIds } from '../link-ids.js';
import type { Mesh } from '../mesh.js';
import type { Content } from './content.js';
import { formatPlace, type TopologyAddress, type TopologyPlace } from './place.js';
import { graphBeside, readPlace } from './read.js';
import { countsOf, statusOf } from './status.js';

export interface SourceTimes {
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Milliseconds that a look may take. */
  readonly patience: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** One topology: looks at it when told to, and keeps the last good state. */
export class TopologySource {
  readonly #address: TopologyAddress;
  readonly #times: SourceTimes;
  #contents: readonly Content[] = [];
  #detected: Detected | undefined;
  #counts: ReturnType<typeof countsOf> | undefined;
  #readAt: number | undefined;
  #problem: string | undefined;
  #reads = 0;
  #failures = 0;

  constructor(address: TopologyAddress, times: SourceTimes) {
    this.#address = address;
    this.#times = times;
  }

  get name(): string {
    return this.#address.name;
  }

  /** The last good state; the same object as long as nothing has changed. */
  get mesh(): Mesh | undefined {
    return this.#detected?.mesh;
  }

  /** What went wrong at the last look. */
  get problem(): string | undefined {
    return this.#problem;
  }

  status(): Topology {
    const { interval, now } = this.#times;
    return statusOf(
      {
        name: this.name,
        detected: this.#detected,
        counts: this.#counts,
        readAt: this.#readAt,
        problem: this.#problem,
        reads: this.#reads,
        failures: this.#failures,
      },
      interval,
      now(),
    );
  }

  /** Looks at the topology, and says whether it has become different. It does not throw: what goes wrong is in the status. */
  async look(stop: AbortSignal): Promise<boolean> {
    const began = this.#times.now();
    try {
      const changed = await this.#read(AbortSignal.any([stop, AbortSignal.timeout(this.#times.patience)]));
      this.#readAt = began;
      this.#reads++;
      this.#problem = undefined;
      return changed;
    } catch (error) {
      if (stop.aborted) return false;
      this.#failures++;
      const { message } = error as Error;
      this.#problem = error instanceof WeirError ? message : `${message} (this is a fault of weir)`;
      return false;
    }
  }

  async #read(signal: AbortSignal): Promise<boolean> {
    const contents = await this.#readPlaces(this.#address.places, this.#contents, signal);
    if (this.#detected !== undefined && same(contents, this.#contents)) return false;
    const { format, mesh } = this.#detect(contents);
    const before = this.#detected?.mesh;
    const named = before === undefined ? mesh : keepLinkIds(before, mesh);
    this.#contents = contents;
    const changed = before === undefined || stateOf(before) !== stateOf(named);
    // What has not become different stays the same object, with the new time of the feed and what was left out.
    const kept = changed ? named : Object.assign(before, { at: named.at, leftOut: named.leftOut });
    this.#detected = { format, mesh: kept };
    this.#counts = countsOf(kept);
    return changed;
  }

  /** All of them, and graph.json where the only one is a nodes.json, which has no links. */
  async #readPlaces(
    places: readonly TopologyPlace[],
    before: readonly Content[],
    signal: AbortSignal,
  ): Promise<Content[]> {
    const contents: Content[] = [];
    for (const [i, place] of places.entries()) contents.push(await readPlace(place, before[i], signal));
    const [only] = places;
    const beside = places.length === 1 ? graphBeside(only!) : undefined;
    if (beside !== undefined && this.#detect(contents).format === 'nodes.json') {
      contents.push(await readPlace(beside, before[1], signal));
    }
    return contents;
  }

  #detect(contents: readonly Content[]): Detected {
    const parts = contents.flatMap(({ octets }) => octets);
    try {
      return detect(
        parts,
        contents.some(({ isDirectory }) => isDirectory),
      );
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      throw new WeirError(`${this.#address.places.map(formatPlace).join(', ')}: ${error.message}`);
    }
  }
}

function same(contents: readonly Content[], before: readonly Content[]): boolean {
  return (
    contents.length === before.length &&
    contents.every(
      (content, i) =>
        content === before[i] ||
        (content.octets.length === before[i]!.octets.length &&
          content.octets.every((octets, j) => Buffer.compare(octets, before[i]!.octets[j]!) === 0)),
    )
  );
}

/** All that makes a state another one: not when the feed was written, nor what was wrong in it. */
function stateOf({ nodes, links, routes }: Mesh): string {
  return JSON.stringify([nodes, links, routes]);
}
