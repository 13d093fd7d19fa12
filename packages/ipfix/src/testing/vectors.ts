import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/vectors/', import.meta.url));

/** Real export datagrams that lie beside the repository, not in it. */
export const haveVectors = existsSync(FOLDER);
if (!haveVectors) console.log(`skipped: no export datagrams in ${FOLDER}`);

/** The datagrams of each exporter, those with Templates first. */
export function exporters(): Map<string, Buffer[]> {
  const groups = new Map<string, Buffer[]>();
  const files = haveVectors ? readdirSync(FOLDER).filter(name => /^ipfix_test_.*\.dat$/.test(name)) : [];
  for (const name of files.sort((a, b) => Number(b.includes('tpl')) - Number(a.includes('tpl')))) {
    const exporter = name.split('_')[2]!;
    groups.set(exporter, [...(groups.get(exporter) ?? []), readFileSync(FOLDER + name)]);
  }
  return groups;
}
