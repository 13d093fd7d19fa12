import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutOwn } from './modules.js';
import { packageFolder } from './paths.js';
import { run } from './run.js';
import { type OwnName, type OwnPackage, ownPackages } from './workspace.js';

/** What goes to npm, each with what it takes along of this repository, so that one file is all that is needed. */
const PUBLISHED: Partial<Record<OwnName, readonly OwnName[]>> = {
  ipfix: [],
  probe: ['ipfix', 'flow'],
  weir: ['ipfix', 'flow', 'probe', 'collector', 'lab', 'web'],
};

/** Makes the tarballs for npm. @returns their files */
export function makeTarballs(): string[] {
  const own = ownPackages();
  const folder = join(packageFolder, 'npm');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return Object.entries(PUBLISHED).map(([name, along]) =>
    pack(
      own[name as OwnName],
      along.map(each => own[each]),
      folder,
    ),
  );
}

function pack(main: OwnPackage, along: readonly OwnPackage[], to: string): string {
  const stage = mkdtempSync(join(tmpdir(), 'weir-npm-'));
  try {
    layOutOwn(stage, [main]);
    const folder = join(stage, main.manifest.name);
    layOutOwn(join(folder, 'node_modules'), along);
    for (const each of along)
      writeFileSync(join(folder, 'node_modules', each.manifest.name, 'package.json'), withoutNeeds(each));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(bundling(main, along), undefined, 2));
    const [packed] = JSON.parse(run(['npm', 'pack', '--json', '--pack-destination', to], { cwd: folder })) as [
      { filename: string },
    ];
    return join(to, packed.filename);
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** What a package that is taken along needs, the one that takes it needs for it: npm looks for it in the file otherwise, and installs nothing. */
function withoutNeeds({ folder }: OwnPackage): string {
  const {
    dependencies: _,
    optionalDependencies: __,
    ...rest
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return JSON.stringify(rest, undefined, 2);
}

/** The package.json of one that takes others along: it needs what they need. */
function bundling(main: OwnPackage, along: readonly OwnPackage[]): object {
  const manifest = JSON.parse(readFileSync(join(main.folder, 'package.json'), 'utf8'));
  const ofAll = (key: 'dependencies' | 'optionalDependencies') => {
    const all = Object.assign({}, ...along.map(each => each.manifest[key]), main.manifest[key]);
    return Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('@weir/')));
  };
  const bundled = along.map(each => each.manifest);
  return {
    ...manifest,
    dependencies: {
      ...ofAll('dependencies'),
      ...Object.fromEntries(bundled.map(({ name, version }) => [name, version])),
    },
    optionalDependencies: ofAll('optionalDependencies'),
    bundleDependencies: bundled.map(({ name }) => name),
  };
}
