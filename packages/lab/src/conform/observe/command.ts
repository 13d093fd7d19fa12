import { run } from '../../run/command.js';
import type { Observer, RunMark, SeenRecord } from './observer.js';
import { recordOf } from './weir.js';

/** Any collector by a command that prints its records as JSON lines, as `weir query --format json` does. */
export class CommandObserver implements Observer {
  readonly name: string;

  constructor(readonly command: string) {
    this.name = `"${command}"`;
  }

  shows(): boolean {
    return true;
  }

  async read({ destinationV4, destinationV6 }: RunMark): Promise<readonly SeenRecord[]> {
    const lines = run(['sh', '-c', this.command]).split('\n').filter(Boolean);
    const records = lines.map(line => recordOf({ observationDomainId: 0, record: {}, ...JSON.parse(line) }));
    const ours = new Set([destinationV4, destinationV6]);
    return records.filter(each => ours.has(each.destinationIPv4Address ?? each.destinationIPv6Address ?? ''));
  }

  async sessions(): Promise<undefined> {
    return undefined;
  }
}
