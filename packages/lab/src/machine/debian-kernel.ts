import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { WeirError } from '../error.js';
import { attempt, run } from '../run/command.js';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const metaPackage = 'linux-image-cloud-amd64';

/** A kernel of Debian, unpacked: what `uname -r` says in it, the image that boots, and the folder with its modules. */
export interface DebianKernel {
  version: string;
  image: string;
  modules: string;
}

/**
 * The kernel for virtual machines of a release of Debian ("bookworm", "trixie"), from the same archive that this machine's apt
 * uses. Kept in the user's cache folder, and taken from there ever after.
 */
export function debianKernel(release: string): DebianKernel {
  const folder = join(cacheFolder(), 'kernels', release);
  if (!existsSync(folder)) fetchInto(folder, release);
  // Releases since trixie have all of it below /usr.
  const modules = ['usr/lib/modules', 'lib/modules'].map(each => join(folder, each)).find(existsSync);
  const version = modules && readdirSync(modules)[0];
  if (version === undefined)
    throw new WeirError(`no kernel in ${folder}; remove that folder, so that it is fetched anew`);
  return { version, image: join(folder, 'boot', `vmlinuz-${version}`), modules: join(modules!, version) };
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'weir');
}

function fetchInto(folder: string, release: string): void {
  const parent = join(folder, '..');
  mkdirSync(parent, { recursive: true });
  // Renamed when it is whole: a fetch that is broken off leaves no half kernel.
  const unfinished = mkdtempSync(join(parent, `.${release}-`));
  try {
    const archive = download(release, join(unfinished, 'apt'));
    run(['dpkg', '-x', archive, join(unfinished, 'kernel')]);
    renameSync(join(unfinished, 'kernel'), folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Downloads the kernel's package with an apt that knows that release alone, and returns the package's file. */
function download(release: string, folder: string): string {
  const lists = join(folder, 'lists');
  const cache = join(folder, 'cache');
  for (const each of [lists, cache]) mkdirSync(join(each, 'partial'), { recursive: true });
  const sources = join(folder, 'sources.list');
  const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  writeFileSync(sources, `deb ${signed}${archiveOfDebian()} ${release} main\n`);
  const settings = {
    'Dir::Etc::SourceList': sources,
    'Dir::Etc::SourceParts': '-',
    'Dir::State::Lists': lists,
    'Dir::Cache': cache,
    'Acquire::Languages': 'none',
    // It could not write into our folder.
    'APT::Sandbox::User': '',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  run(['apt-get', '-qq', ...options, '--error-on=any', 'update'], 300);
  // The package that always means the newest kernel depends on that kernel's own.
  const depends = run(['apt-cache', ...options, 'depends', metaPackage]);
  const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (name === undefined) throw new WeirError(`Debian's ${release} has no kernel called ${metaPackage}`);
  run(['sh', '-c', 'cd "$0" && exec "$@"', folder, 'apt-get', '-qq', ...options, 'download', name], 300);
  return join(folder, readdirSync(folder).find(file => file.endsWith('.deb'))!);
}

/** Where this machine's apt gets Debian's main archive from. */
function archiveOfDebian(): string {
  const format = '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)';
  const { stdout } = attempt(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  const found = /^Debian Debian main (\S+)$/m.exec(stdout)?.[1];
  if (found === undefined) throw new WeirError("this machine's apt knows no archive of Debian; try `apt-get update`");
  return found;
}
