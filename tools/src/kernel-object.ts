/** The kernel meter's programs: compiled from bpf/ to the object that is committed, because who installs Weir has no compiler for it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCE = 'meter.bpf.c';
const PACKAGES = 'clang llvm libbpf-dev';
/** Where the type definitions of Debian's linux/types.h are. */
const MULTIARCH: Partial<Record<NodeJS.Architecture, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
/** -g for the type information that CO-RE needs; no path of the machine that compiles stands in the object. */
const FLAGS = ['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-Wall', '-Werror', '-ffile-compilation-dir=.'];

export const OBJECT = 'packages/probe/bpf/meter.bpf.o';
const RECORD = `${OBJECT}.json`;

export interface Tools {
  readonly clang: string;
  /** Of all headers of the system that are included. */
  readonly headers: string;
}

/** What the object was made with, and of. Checksums are SHA-256. */
export interface ObjectRecord extends Tools {
  readonly flags: string;
  readonly object: string;
  readonly sources: Readonly<Record<string, string>>;
}

export interface CompiledObject {
  readonly content: Buffer;
  readonly record: ObjectRecord;
}

/** The committed object with its record. */
export function committedObject(): CompiledObject {
  const record = JSON.parse(readFileSync(ROOT + RECORD, 'utf8')) as ObjectRecord;
  return { content: readFileSync(ROOT + OBJECT), record };
}

/** Why the committed object is not that of the sources, as far as can be told without compiling. */
export function staleness(): string | undefined {
  let committed: CompiledObject;
  try {
    committed = committedObject();
  } catch (error) {
    return (error as Error).message;
  }
  const { content, record } = committed;
  if (checksum(content) !== record.object) return `${OBJECT} is not the one of its record`;
  if (record.flags !== FLAGS.join(' ')) return 'it was compiled with other flags';
  const now = sources();
  const files = new Set([...Object.keys(now), ...Object.keys(record.sources)]);
  const changed = [...files].filter(file => now[file] !== record.sources[file]);
  return changed.length === 0 ? undefined : `changed since: ${changed.join(', ')}`;
}

/** Checksums of everything that the programs are written in, by the file's path. */
function sources(): Record<string, string> {
  const files = readdirSync(`${ROOT}bpf`).filter(file => /\.[ch]$/.test(file));
  return Object.fromEntries(files.sort().map(file => [`bpf/${file}`, checksum(readFileSync(`${ROOT}bpf/${file}`))]));
}

function checksum(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Why the programs cannot be compiled here. */
export function whyNoCompiler(): string | undefined {
  if (MULTIARCH[process.arch] === undefined) return `where Debian keeps headers of ${process.arch} is not known`;
  const missing = ['clang', 'llvm-strip'].filter(program => spawnSync(program, ['--version']).status !== 0);
  if (missing.length > 0) return `no ${missing.join(', no ')} here (apt install ${PACKAGES})`;
  const headers = spawnSync('clang', [...compilerArguments(), '-M', SOURCE], { cwd: `${ROOT}bpf`, encoding: 'utf8' });
  return headers.status === 0 ? undefined : `${headers.stderr.trim().split('\n')[0]} (apt install ${PACKAGES})`;
}

/** @param folder with the sources @throws Error with what the compiler says */
export function compile(folder = `${ROOT}bpf`): CompiledObject {
  const directory = mkdtempSync(join(tmpdir(), 'weir-bpf-'));
  try {
    const file = join(directory, 'meter.bpf.o');
    run('clang', [...compilerArguments(), '-c', SOURCE, '-o', file], folder);
    // Of the debugging information libbpf reads BTF only.
    run('llvm-strip', ['-g', file]);
    const content = readFileSync(file);
    return { content, record: { ...tools(), flags: FLAGS.join(' '), object: checksum(content), sources: sources() } };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function compilerArguments(): string[] {
  return [...FLAGS, '-idirafter', `/usr/include/${MULTIARCH[process.arch]}`];
}

/** What would compile here. */
function tools(): Tools {
  const clang = /version (\S+)/.exec(run('clang', ['--version']))?.[1] ?? 'unknown';
  const rule = run('clang', [...compilerArguments(), '-M', SOURCE]);
  const headers = rule.split(/[\s\\]+/).filter(file => file.startsWith('/'));
  return { clang, headers: checksum(headers.map(file => readFileSync(file, 'utf8')).join('')) };
}

function run(command: string, args: readonly string[], cwd = `${ROOT}bpf`): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
  return stdout;
}

/** Why what is compiled here need not be the same as the committed object. */
export function whyOtherOctets(): string | undefined {
  const here = tools();
  const { record } = committedObject();
  const major = ({ clang }: Tools): string => clang.split('.')[0]!;
  if (major(here) !== major(record)) return `clang ${here.clang} is not clang ${record.clang}`;
  return here.headers === record.headers ? undefined : 'libbpf-dev or linux-libc-dev is of another version';
}

/** Compiles anew where the committed object is not that of the sources, and says so. */
export function updateObject(): void {
  const reason = staleness();
  if (reason === undefined) return;
  const obstacle = whyNoCompiler();
  if (obstacle !== undefined) throw new Error(`${OBJECT} has to be compiled anew (${reason}), but ${obstacle}`);
  const { content, record } = compile();
  mkdirSync(dirname(ROOT + OBJECT), { recursive: true });
  writeFileSync(ROOT + OBJECT, content);
  writeFileSync(ROOT + RECORD, `${JSON.stringify(record, undefined, 2)}\n`);
  console.log(`${OBJECT}: ${content.length} octets by clang ${record.clang}`);
}
