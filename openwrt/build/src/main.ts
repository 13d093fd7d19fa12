import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleProbe, octetsOf } from './bundle.js';
import { engineFor } from './engine.js';
import { materials } from './materials.js';
import { buildProbe, buildRunner } from './program.js';
import { outputFolder, targetsNamed } from './targets.js';

export { engineTools } from './engine.js';

/**
 * `npm run build:router -- [--fields FIELDS] [TARGET...]`: the probe for routers, and the program that its tests run in.
 *
 * @throws Error where something cannot be built
 */
export async function buildRouter(args: readonly string[]): Promise<void> {
  const { fields, names } = readArguments(args);
  const targets = targetsNamed(names);
  const begun = Date.now();
  mkdirSync(outputFolder, { recursive: true });
  const { scripts, modules } = await bundleProbe(fields, outputFolder);
  // At once, as far as there are processors: each compiles one file at a time.
  await Promise.all(targets.map(engineFor));
  for (const target of targets) {
    const folder = join(outputFolder, target.name);
    const [probe] = await Promise.all([buildProbe(target, scripts, folder), buildRunner(target, folder)]);
    writeFileSync(`${probe}.cdx.json`, materials(target, modules));
    console.log(`${probe}: ${octetsOf(probe)} octets`);
  }
  console.log(`${targets.length} targets in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

function readArguments(args: readonly string[]): { fields: string; names: string[] } {
  const names = [...args];
  const at = names.indexOf('--fields');
  const fields = at < 0 ? 'default' : names.splice(at, 2)[1];
  if (fields === undefined)
    throw new Error('--fields needs a value: default, full, netflow-v5-fields, nat-log or names');
  return { fields, names };
}
