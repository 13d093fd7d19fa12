import { existsSync } from 'node:fs';
import { graphOf } from '../topology/build.js';
import type { Family } from '../topology/prefix.js';
import { Ways } from '../topology/ways.js';
import type { ScenarioDocument } from './document.js';
import type { Path } from './faults.js';
import type { Scenario, TrafficStep } from './scenario.js';
import { suggest } from './suggest.js';

/** What all kinds of traffic have, and the kinds that have more to be checked. */
interface Step {
  from: string;
  to: string;
  family?: Family;
  file?: string;
}

const needSilence = ['flood', 'unanswered'];

/** Checks what the schema cannot: that traffic is between nodes, finds its way, and passes where it is metered. */
export function checkTraffic(document: ScenarioDocument, scenario: Scenario): void {
  new TrafficCheck(document, scenario).run();
}

class TrafficCheck {
  readonly #ways: Ways;
  readonly #silent: Set<string>;

  constructor(
    readonly document: ScenarioDocument,
    readonly scenario: Scenario,
  ) {
    const spec = scenario.topology;
    this.#ways = new Ways(graphOf(spec));
    this.#silent = new Set(Object.keys(spec.nodes).filter(name => spec.nodes[name]?.silent));
  }

  run(): void {
    this.#node(['meter'], this.scenario.meter);
    this.#steps(this.scenario.traffic, ['traffic']);
  }

  #steps(steps: readonly TrafficStep[], path: Path): void {
    for (const [i, step] of steps.entries()) {
      if ('together' in step) this.#steps(step.together, [...path, i, 'together']);
      else if (!('wait' in step)) {
        const [kind, content] = Object.entries(step)[0] as [string, Step];
        this.#step(kind, content, [...path, i, kind]);
      }
    }
  }

  #step(kind: string, { from, to, family, file }: Step, path: Path): void {
    this.#node([...path, 'from'], from);
    this.#node([...path, 'to'], to);
    if (from === to) throw this.document.error([...path, 'to'], `"${to}" cannot send to itself; name another node`);
    if (needSilence.includes(kind) && !this.#silent.has(to))
      throw this.document.error(
        [...path, 'to'],
        `"${to}" would answer; give it "silent: true", or name a node that has it`,
      );
    if (file !== undefined && !existsSync(file))
      throw this.document.error([...path, 'file'], `no file ${file}; captures lie beside the scenario`);
    const passed = this.#way(from, to, kind === 'extension-headers' ? 6 : (family ?? 4), path);
    const { meter } = this.scenario;
    if (!passed.includes(meter))
      throw this.document.error(
        path,
        `never passes "${meter}", where it is metered; its way is ${passed.join(' - ')}`,
        'key',
      );
  }

  #way(from: string, to: string, family: Family, path: Path): string[] {
    try {
      return this.#ways.path(from, to, family);
    } catch (problem) {
      throw this.document.error(path, (problem as Error).message, 'key');
    }
  }

  #node(path: Path, name: string): void {
    const { nodes } = this.#ways;
    if (!nodes.includes(name)) throw this.document.error(path, `no node "${name}"${suggest(name, nodes)}`);
  }
}
