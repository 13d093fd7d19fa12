import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

interface Locked {
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
}

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};

/** Of what may go out together with GPL-2.0-or-later; the last two are of tables of addresses. */
const SHIPPED = [
  ...[
    'MIT',
    'MIT-0',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'BlueOak-1.0.0',
    'Apache-2.0',
    'MIT OR Apache-2.0',
  ],
  ...['PDDL-1.0', 'SEE LICENSE IN ROUTEVIEWS-LICENSE and DBIP-LICENSE (CC-BY-4.0)'],
];
/** Of tools that only build and test, besides. */
const OF_TOOLS = ['MPL-2.0', 'GPLv2', '(MIT OR Apache-2.0)'];
/** Has its licence, BSD-2-Clause, in a file alone. */
const WITHOUT = ['node_modules/dequeue'];

test('licences of what is taken from others are known, and fit', () => {
  const others = Object.entries(packages).filter(
    ([path, { link }]) => path.startsWith('node_modules/') && link !== true,
  );
  expect(others.length).toBeGreaterThan(100);
  const strange = others.filter(([path, { license = '', dev = false }]) => {
    return !WITHOUT.includes(path) && !SHIPPED.includes(license) && !(dev && OF_TOOLS.includes(license));
  });
  expect(strange.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});

test('nothing that goes out has a grave weakness that is known', ({ skip }) => {
  const { stdout } = spawnSync('npm', ['audit', '--omit', 'dev', '--json'], { cwd: root, encoding: 'utf8' });
  const said = JSON.parse(stdout || '{}');
  skip(said.metadata === undefined, `npm audit: ${said.message ?? said.error?.summary ?? 'no answer'}`);
  const { high, critical } = said.metadata.vulnerabilities;
  expect({ high, critical }).toEqual({ high: 0, critical: 0 });
});
