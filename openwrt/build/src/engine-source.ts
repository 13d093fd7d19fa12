import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, verify } from './cache.js';
import { run } from './command.js';

/**
 * QuickJS of Bellard and Gordon (MIT), as Debian has it. Not quickjs-ng: on these processors it was 22 percent slower and 17 percent larger,
 * and does not write bytecode for the other order of octets.
 */
export const ENGINE_VERSION = '2025-04-26';
const RELEASE = 'trixie';
const FILE = 'quickjs_2025.04.26.orig.tar.xz';
const SHA256 = 'ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The engine's source, fetched from the archive that this machine's apt uses and held against its checksum. @returns its folder */
export function engineSource(): Promise<string> {
  return cached(`quickjs-${ENGINE_VERSION}`, async folder => {
    const apt = join(folder, 'apt');
    await download(apt);
    const archive = join(apt, FILE);
    verify(archive, 'sha256', 'hex', SHA256);
    await run('tar', ['-xJf', archive, '-C', folder, '--strip-components=1']);
    await run('rm', ['-rf', apt]);
  });
}

/** By an apt that knows that release alone. */
async function download(folder: string): Promise<void> {
  for (const each of ['lists', 'cache/archives']) mkdirSync(join(folder, each, 'partial'), { recursive: true });
  const signed = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : '';
  writeFileSync(join(folder, 'sources.list'), `deb-src ${signed}${await archiveOfDebian()} ${RELEASE} main\n`);
  const settings = {
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': '-',
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    'Acquire::Languages': 'none',
    // It could not write into our folder.
    'APT::Sandbox::User': '',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', ['-qq', ...options, '--error-on=any', 'update']);
  await run('apt-get', ['-qq', ...options, 'source', '--download-only', 'quickjs'], { cwd: folder });
}

/** Where this machine's apt gets Debian's main archive from. */
async function archiveOfDebian(): Promise<string> {
  const format = '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)';
  const targets = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const found = /^Debian Debian main (\S+)$/m.exec(targets)?.[1];
  if (found === undefined) throw new Error("this machine's apt knows no archive of Debian; try `apt-get update`");
  return found;
}
