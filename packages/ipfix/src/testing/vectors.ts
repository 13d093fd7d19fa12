import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/vectors/', import.meta.url));

/** Real export datagrams that lie beside the repository, not in it. */
export const haveVectors = existsSync(FOLDER);

/** Skips the test where they do not. */
export function needVectors({ skip }: TestContext): void {
  skip(!haveVectors, `no export datagrams in ${FOLDER}`);
}

/** The datagrams of each exporter of IPFIX, those with Templates first. */
export function exporters(): Map<string, Buffer[]> {
  const groups = new Map<string, Buffer[]>();
  const files = haveVectors ? readdirSync(FOLDER).filter(name => /^ipfix_test_.*\.dat$/.test(name)) : [];
  for (const name of files.sort((a, b) => Number(b.includes('tpl')) - Number(a.includes('tpl')))) {
    const exporter = name.split('_')[2]!;
    groups.set(exporter, [...(groups.get(exporter) ?? []), readFileSync(FOLDER + name)]);
  }
  return groups;
}

/** "netflow9_test_cisco_asa_1_tpl.dat" is of "netflow9 cisco_asa_1", and so is its data. */
function sourceOf(name: string): string {
  return name
    .replace(/(_(opt)?tpls?(opt)?(_.*)?|_(opt)?tpls?\d*|_data[\d_]*|_(opt)?tpl\d*)?\.dat$/, '')
    .replace(/_(test_)?|$/, ' ')
    .trim();
}

/** All datagrams, by protocol and exporter: "netflow9 cisco_asa_1". Those with Templates come first. */
export function allExporters(): Map<string, Buffer[]> {
  const groups = new Map<string, Buffer[]>();
  const files = haveVectors ? readdirSync(FOLDER).filter(name => name.endsWith('.dat')) : [];
  for (const name of files.sort((a, b) => Number(b.includes('tpl')) - Number(a.includes('tpl')))) {
    const source = sourceOf(name);
    groups.set(source, [...(groups.get(source) ?? []), readFileSync(FOLDER + name)]);
  }
  return groups;
}
