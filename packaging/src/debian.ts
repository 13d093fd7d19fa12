import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { layOutOthers, layOutOwn } from './modules.js';
import { packageFolder, packaging, repository } from './paths.js';
import { commitTime, run } from './run.js';
import { sbom } from './sbom.js';
import { neededOfOthers, type OwnPackages, ownPackages } from './workspace.js';

/** The collector's engine and its tables of addresses: nine tenths of all octets, and nothing that a probe alone needs. */
const LARGE = /^node_modules\/(chdb|@chdb\/|@ip-location-db\/)/;

/** What Debian calls the processors that Node.js names. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

type Name = 'weir' | 'weir-probe';

interface Contents {
  readonly description: string;
  readonly other: Name;
  /** Services, each with the settings it reads and the user it runs as. */
  readonly services: readonly Service[];
}

interface Service {
  readonly unit: string;
  readonly settings: string;
  readonly user: string;
}

const PROBE: Service = { unit: 'weir-probe.service', settings: 'probe.yaml', user: 'weir-probe' };
const COLLECTOR: Service = { unit: 'weir-collector.service', settings: 'collector.yaml', user: 'weir' };

const PACKAGES: Readonly<Record<Name, Contents>> = {
  weir: {
    description: `meters, collects and shows the traffic of this machine
 Flows as Linux connection tracking has counted them, exported as IPFIX,
 collected, kept, analysed and shown: the probe, the collector with its
 pages, and the command weir.`,
    other: 'weir-probe',
    services: [PROBE, COLLECTOR],
  },
  'weir-probe': {
    description: `meters the traffic of this machine and exports it as IPFIX
 Flows as Linux connection tracking has counted them, exported to a
 collector elsewhere: the probe alone, for gateways.`,
    other: 'weir',
    services: [PROBE],
  },
};

export interface DebianOptions {
  /** In place of that of package.json. */
  readonly version?: string;
  readonly folder?: string;
}

/** Makes the packages for Debian on this processor. @returns their files */
export function makeDebianPackages(): string[] {
  const own = ownPackages();
  return (Object.keys(PACKAGES) as Name[]).map(name => makeDebianPackage(name, {}, own));
}

/** @returns the package's file, the same octets each time that it is made of the same */
export function makeDebianPackage(name: Name, options: DebianOptions = {}, own = ownPackages()): string {
  const architecture = ARCHITECTURES[arch()];
  if (architecture === undefined) throw new Error(`Weir has no packages for ${arch()}: use npm's`);
  const version = options.version ?? own.weir.manifest.version;
  const folder = options.folder ?? join(packageFolder, 'debian');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}_${version}_${architecture}.deb`);
  const root = mkdtempSync(join(tmpdir(), 'weir-deb-'));
  try {
    chmodSync(root, 0o755);
    writeFileSync(`${file}.cdx.json`, layOut(root, name, version, own));
    control(root, name, version, architecture);
    pack(root, file);
  } finally {
    rmSync(root, { recursive: true });
  }
  return file;
}

/** @returns its software bill of materials, which is in it as well */
function layOut(root: string, name: Name, version: string, { web, ...rest }: OwnPackages): string {
  const own = [...Object.values(rest), ...(name === 'weir' ? [web] : [])];
  const others = neededOfOthers(own).filter(path => name === 'weir' || !LARGE.test(path));
  const nodeModules = join(root, 'usr/lib/weir/node_modules');
  layOutOwn(nodeModules, own);
  layOutOthers(nodeModules, others);
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  symlinkSync('../lib/weir/node_modules/weir/bin/weir.js', join(root, 'usr/bin/weir'));
  for (const { unit, settings, user } of PACKAGES[name].services) {
    put(join(root, 'usr/lib/systemd/system'), unit, readFileSync(join(packaging, 'systemd', unit)));
    put(join(root, 'etc', user), 'weir.yaml', readFileSync(join(packaging, 'etc', settings)));
  }
  const documentation = join(root, 'usr/share/doc', name);
  for (const each of ['README.md', 'docs'])
    cpSync(join(repository, each), join(documentation, each), { recursive: true });
  const purl = `pkg:deb/weir/${name}@${version}?arch=${ARCHITECTURES[arch()]}`;
  const materials = sbom({ name, version, license: rest.weir.manifest.license, purl, own, others });
  put(documentation, 'sbom.cdx.json', materials);
  put(documentation, 'changelog.gz', gzipSync(readFileSync(join(repository, 'CHANGELOG.md')), { level: 9 }));
  put(documentation, 'copyright', readFileSync(join(packaging, 'debian/copyright')));
  return materials;
}

function control(root: string, name: Name, version: string, architecture: string): void {
  const { description, other, services } = PACKAGES[name];
  const folder = join(root, 'DEBIAN');
  const size = Number(run(['du', '-sk', '--apparent-size', root]).split('\t')[0]);
  // Node.js may come from elsewhere than from a package, and Debian 12 has an older one: postinst says where it is wanting.
  const fields = {
    ...{
      Package: name,
      Version: version,
      Architecture: architecture,
      'Installed-Size': size,
      Section: 'net',
      Priority: 'optional',
    },
    ...{
      Maintainer: 'The Weir developers <weir@localhost>',
      Depends: 'libc6 (>= 2.36), passwd',
      Recommends: 'nodejs (>= 20.19), libbpf1',
    },
    ...{ Conflicts: other, Replaces: other, Description: description },
  };
  put(
    folder,
    'control',
    Object.entries(fields)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
  put(folder, 'conffiles', services.map(({ user }) => `/etc/${user}/weir.yaml\n`).join(''));
  for (const script of ['postinst', 'prerm', 'postrm']) {
    const text = readFileSync(join(packaging, 'debian', script), 'utf8')
      .replaceAll('@UNITS@', services.map(({ unit }) => unit).join(' '))
      .replaceAll('@USERS@', services.map(({ user }) => user).join(' '));
    put(folder, script, text, 0o755);
  }
}

/** Times and order of files depend on nothing but the last commit. */
function pack(root: string, file: string): void {
  const commit = String(commitTime());
  run(['find', root, '-exec', 'touch', '-h', '-d', `@${commit}`, '{}', '+']);
  run(['chmod', '-R', 'u=rwX,go=rX', join(root, 'usr'), join(root, 'etc')]);
  run(['dpkg-deb', '--root-owner-group', '-Zzstd', '-z3', '--build', root, file], {
    env: { ...process.env, SOURCE_DATE_EPOCH: commit },
  });
}

function put(folder: string, name: string, content: string | Uint8Array, mode = 0o644): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), content);
  chmodSync(join(folder, name), mode);
}
