import { WeirError } from '../../error.js';
import { type Observer, type RunMark, type SeenRecord, type SeenSession, timeNameOf } from './observer.js';

interface ApiRecord {
  readonly observationDomainId: number;
  readonly record: Readonly<Record<string, unknown>>;
}

interface ApiStatus {
  readonly exporters: readonly {
    observationDomainId: number;
    lostRecords: number;
    malformedMessages: number;
    statistics?: Record<string, number>;
  }[];
}

/** Weir by its HTTP API. It shows every element, those without a name as PEN:ID in hexadecimal. */
export class WeirObserver implements Observer {
  readonly name: string;

  constructor(readonly url: string) {
    this.name = `Weir at ${url}`;
  }

  shows(): boolean {
    return true;
  }

  async read({ destinationV4, destinationV6, flowId }: RunMark): Promise<readonly SeenRecord[]> {
    const filter = `dst host in (${destinationV4}, ${destinationV6}) or flowid = ${flowId}`;
    const query = new URLSearchParams({ filter, from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' });
    const text = await this.#get(`/api/v1/records?${query}`);
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => recordOf(JSON.parse(line) as ApiRecord));
  }

  async sessions(): Promise<ReadonlyMap<number, SeenSession>> {
    const { exporters } = JSON.parse(await this.#get('/api/v1/status')) as ApiStatus;
    return new Map(
      exporters.map(each => [
        each.observationDomainId,
        { lost: each.lostRecords, malformed: each.malformedMessages, statistics: each.statistics ?? {} },
      ]),
    );
  }

  async #get(path: string): Promise<string> {
    let answer: Response;
    try {
      answer = await fetch(new URL(path, this.url));
    } catch {
      throw new WeirError(`nothing answers at ${this.url}; say where to look with --see`);
    }
    const body = await answer.text();
    if (answer.status !== 200) throw new WeirError(`${this.url} answered ${answer.status}: ${body.slice(0, 200)}`);
    return body;
  }
}

/** As `weir query --format json` prints it. */
export function recordOf({ observationDomainId, record }: ApiRecord): SeenRecord {
  const seen: Record<string, string> = { observationDomainId: String(observationDomainId) };
  for (const [name, value] of Object.entries(record)) {
    const time = timeNameOf(name);
    if (time !== undefined) seen[time] = String(Date.parse(String(value)));
    else seen[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return seen;
}
