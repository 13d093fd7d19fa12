import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WeirError } from '../error.js';
import { attempt, run } from '../run/command.js';
import { onTeardown } from '../run/teardown.js';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** A package of a hundred megabytes over a slow line. */
const patience = 600;

/** Work with an archive of Debian, whose apt is gone afterwards. @param architecture as Debian names it: "arm64" */
export function withDebianArchive<T>(release: string, architecture: string, work: (archive: DebianArchive) => T): T {
  const archive = new DebianArchive(release, architecture);
  try {
    return work(archive);
  } finally {
    archive.close();
  }
}

/** An apt that knows one release of Debian for one kind of processor, from the archive that this machine's apt uses, and installs nothing. */
class DebianArchive {
  readonly #folder = mkdtempSync(join(tmpdir(), 'weir-apt-'));
  readonly #remove = onTeardown(() => rmSync(this.#folder, { recursive: true, force: true }));
  readonly #options: readonly string[];

  /**
   * @param release "bookworm", "trixie"
   * @param architecture as Debian names it: "arm64"
   */
  constructor(
    private readonly release: string,
    architecture: string,
  ) {
    for (const each of ['lists', 'cache']) mkdirSync(join(this.#folder, each, 'partial'), { recursive: true });
    for (const [file, text] of [['sources.list', this.#sources()] as const, ['status', ''] as const])
      writeFileSync(join(this.#folder, file), text);
    const settings = {
      'APT::Architecture': architecture,
      'APT::Architectures': architecture,
      'Dir::Etc::SourceList': join(this.#folder, 'sources.list'),
      'Dir::Etc::SourceParts': '-',
      'Dir::State::Lists': join(this.#folder, 'lists'),
      'Dir::State::Status': join(this.#folder, 'status'),
      'Dir::Cache': join(this.#folder, 'cache'),
      'Acquire::Languages': 'none',
      // It could not write into our folder.
      'APT::Sandbox::User': '',
    };
    this.#options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    run(['apt-get', '-qq', ...this.#options, '--error-on=any', 'update'], patience);
  }

  /** The package that one without content stands for: it depends on that alone. */
  behind(metaPackage: string, name: RegExp): string {
    const depends = run(['apt-cache', ...this.#options, 'depends', metaPackage]);
    const found = depends
      .split('\n')
      .map(line => /Depends: (\S+)/.exec(line)?.[1] ?? '')
      .find(each => name.test(each));
    if (found === undefined) throw new WeirError(`Debian's ${this.release} has nothing called ${metaPackage}`);
    return found;
  }

  /** Fetches packages, without what they depend on, and unpacks them into `folder`. */
  unpack(packages: readonly string[], folder: string): void {
    this.#download(['download', ...packages]);
    for (const file of readdirSync(this.#folder))
      if (file.endsWith('.deb')) run(['dpkg', '-x', join(this.#folder, file), folder], patience);
  }

  /**
   * Fetches a package's source as its authors have it, without Debian's changes, and unpacks it into `folder`.
   * @param check looks at the file that was fetched, before
   */
  unpackSource(name: string, folder: string, check: (file: string) => void = () => {}): void {
    this.#download(['source', '--download-only', name]);
    const archive = join(this.#folder, readdirSync(this.#folder).find(file => /\.orig\.tar\.\w+$/.test(file))!);
    check(archive);
    run(['tar', '-xf', archive, '-C', folder, '--strip-components=1'], patience);
  }

  close(): void {
    this.#remove();
  }

  #download(words: readonly string[]): void {
    const command = ['apt-get', '-qq', ...this.#options, ...words];
    run(['sh', '-c', 'cd "$0" && exec "$@"', this.#folder, ...command], patience);
  }

  #sources(): string {
    const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
    const where = `${signed}${archiveOfDebian()} ${this.release} main\n`;
    return `deb ${where}deb-src ${where}`;
  }
}

/** Where this machine's apt gets Debian's main archive from. */
export function archiveOfDebian(): string {
  const format = '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)';
  const { stdout } = attempt(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  const found = /^Debian Debian main (\S+)$/m.exec(stdout)?.[1];
  if (found === undefined) throw new WeirError("this machine's apt knows no archive of Debian; try `apt-get update`");
  return found;
}
