import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { WeirError } from '../error.js';
import { scenarioDirectory, topologyDirectory } from '../paths.js';
import { graphOf } from '../topology/build.js';
import { expandMesh } from '../topology/mesh.js';
import { type TopologySpec, topologySchema } from '../topology/schema.js';
import { checkTraffic } from './check.js';
import { ScenarioDocument } from './document.js';
import { type Scenario, scenarioSchema, type TrafficStep } from './scenario.js';
import { suggest } from './suggest.js';

/** A scenario, where it came from, and what it is called. */
export interface LoadedScenario extends Scenario {
  name: string;
  file: string;
}

/** Largest error of the last packet: where connections are destroyed at once, the probe may count their last second as idle. */
const endError = { expire: 20, destroy: 1100 } as const;

/** Reads a scenario: a shipped one by its name, any other by its path. A WeirError says at which line and column it is broken. */
export function loadScenario(nameOrFile: string): LoadedScenario {
  const file = scenarioFile(nameOrFile);
  const document = new ScenarioDocument(relative('', file).startsWith('..') ? file : relative('', file));
  const read = document.decode(scenarioSchema);
  const scenario: LoadedScenario = {
    ...read,
    name: basename(file).replace(/\.ya?ml$/, ''),
    file,
    topology: topologyOf(document, read.topology),
    'active-timeout': read['active-timeout'] ?? 60,
    timeouts: read.timeouts ?? {},
    // The schema's own type is a union of all alternatives; the step types say the same by key.
    traffic: withFiles(read.traffic as TrafficStep[], dirname(file)),
    end: read.end ?? 'destroy',
    expect: { ...noError, end: endError[read.end ?? 'destroy'], ...read.expect },
  };
  checkTraffic(document, scenario);
  return scenario;
}

const noError = { lost: 0, duplicated: 0, invented: 0, octets: 0, packets: 0, start: 20, malformed: 0 };

/** All scenarios that ship with the lab, by name. */
export function shippedScenarios(): LoadedScenario[] {
  return namesIn(scenarioDirectory).map(loadScenario);
}

/** A shipped topology. */
export function loadTopology(name: string): TopologySpec {
  return new ScenarioDocument(join(topologyDirectory, `${name}.yaml`)).decode(topologySchema);
}

function scenarioFile(nameOrFile: string): string {
  const names = namesIn(scenarioDirectory);
  if (names.includes(nameOrFile)) return join(scenarioDirectory, `${nameOrFile}.yaml`);
  if (existsSync(nameOrFile)) return resolve(nameOrFile);
  throw new WeirError(`no scenario and no file "${nameOrFile}"${suggest(nameOrFile, names)}`);
}

function namesIn(directory: string): string[] {
  const files = readdirSync(directory).filter(each => each.endsWith('.yaml'));
  return files.map(each => each.slice(0, -'.yaml'.length)).sort();
}

/** The topology with its mesh written out, so that nodes and links are all that there is to it. */
function topologyOf(document: ScenarioDocument, given: string | TopologySpec): TopologySpec {
  const names = namesIn(topologyDirectory);
  if (typeof given === 'string' && !names.includes(given))
    throw document.error(['topology'], `no topology "${given}"${suggest(given, names)}`);
  const spec = expandMesh(typeof given === 'string' ? loadTopology(given) : given);
  try {
    graphOf(spec);
  } catch (problem) {
    throw document.error(['topology'], (problem as Error).message);
  }
  return spec;
}

/** Captures to be replayed lie beside the scenario. */
function withFiles(steps: readonly TrafficStep[], folder: string): TrafficStep[] {
  return steps.map(step => {
    if ('together' in step) return { together: withFiles(step.together, folder) };
    return 'replay' in step ? { replay: { ...step.replay, file: resolve(folder, step.replay.file) } } : step;
  });
}
