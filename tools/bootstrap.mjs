// What runs before anything is installed, hence plain JavaScript: `npm start`, `npm test`, and `npm run` with build, build:router, package,
// package:router, test:kernel, test:router, bench, fuzz, soak.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const [task, ...rest] = process.argv.slice(2);
const tasks = {
  start,
  build,
  'build:router': buildRouter,
  'package:router': packageRouter,
  package: makePackages,
  test,
  'test:kernel': testKernel,
  'test:router': testRouter,
  bench,
  fuzz,
  soak,
};
if (!(task in tasks)) fail(`unknown task "${task}"`, 2);
/** What Debian's sources are packed with. A small Debian has not even this. */
const UNPACKING = { xz: 'xz-utils' };
checkNode();
await tasks[task](rest[0] === '--' ? rest.slice(1) : rest);

async function start(args) {
  install();
  build();
  const child = spawn(process.execPath, ['packages/weir/dist/main.js', 'up', ...args], { stdio: 'inherit' });
  // Ctrl-C reaches both; the command decides when it ends.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (status, signal) => process.exit(status ?? (signal === null ? 0 : 1)));
}

function build() {
  install();
  step(
    'build',
    [
      'docs',
      'packages',
      'openwrt/build',
      'openwrt/emulation',
      'openwrt/package',
      'packaging',
      'fuzz',
      'tools',
      'bench',
      'registry',
      'tsconfig.json',
      'tsconfig.base.json',
      'package-lock.json',
    ],
    () => {
      run('compiling', 'npx', ['tsc', '-b']);
      run('building the pages', 'npm', ['run', 'build', '--silent', '-w', '@weir/web', '--', '--logLevel', 'warn']);
    },
  );
}

async function packageRouter(args) {
  build();
  const { packageRouter } = await import('../openwrt/package/dist/main.js');
  try {
    packageRouter(args);
  } catch (error) {
    fail(error.message, 1);
  }
}

/** `npm run package`: tarballs for npm and packages for Debian, in build/packages. */
async function makePackages() {
  build();
  const { makePackages } = await import('../packaging/dist/main.js');
  try {
    makePackages();
  } catch (error) {
    fail(error.message, 1);
  }
}

async function buildRouter(args) {
  build();
  installPrograms(UNPACKING);
  const { buildRouter } = await import('../openwrt/build/dist/main.js');
  await buildRouter(args).catch(error => fail(error.message, 1));
}

/**
 * What tests of the probe on routers run: for the targets named, or all. Where it cannot be built, as without a network, they are skipped and
 * say so.
 */
async function buildForTests(targets = []) {
  const { buildRouter, engineTools } = await import('../openwrt/build/dist/main.js');
  try {
    await buildRouter(targets);
    process.env.WEIR_QJS ??= (await engineTools()).interpreter;
  } catch (error) {
    console.log(`programs for routers cannot be built here: ${error.message.split('\n')[0]}`);
  }
}

async function test(args) {
  install();
  installTools();
  build();
  await buildForTests();
  const { runTests } = await import('./dist/test.js');
  process.exitCode = await runTests(args);
}

async function testKernel(args) {
  install();
  installTools();
  build();
  const { runKernelTests } = await import('./dist/test.js');
  process.exitCode = await runKernelTests(args);
}

/** `npm run test:router -- [TARGET...]`: the packaged probe in emulated routers. Some need more than the everyday one. */
async function testRouter(args) {
  install();
  build();
  const { kindsNamed } = await import('../openwrt/emulation/dist/kinds.js');
  let kinds;
  try {
    kinds = kindsNamed(args);
  } catch (error) {
    fail(error.message, 2);
  }
  installTools(Object.assign({}, ...kinds.map(({ programs }) => programs)));
  await buildForTests(kinds.map(({ name }) => name));
  const { runRouterTests } = await import('./dist/test.js');
  process.exitCode = await runRouterTests(kinds.map(({ name }) => name));
}

function bench(args) {
  quietly(() => {
    build();
    installTools();
  });
  process.exitCode = spawnSync(process.execPath, ['bench/dist/main.js', ...args], { stdio: 'inherit' }).status ?? 1;
}

/** `npm run fuzz -- [NAME...] [--cases N]`: what reads octets from outside is given more of them than `npm test` has time for. */
function fuzz(args) {
  const at = args.indexOf('--cases');
  const cases = at < 0 ? '' : args.splice(at, 2)[1];
  if (args.some(name => !/^[a-z]+$/.test(name)) || (at >= 0 && !(Number(cases) > 0)))
    fail('usage: npm run fuzz -- [NAME...] [--cases N]', 2);
  build();
  // Of IPFIX and NetFlow there is a test beside the code, of all else one that knows their names.
  const others = args.filter(name => name !== 'ipfix');
  const tests = [
    ...(args.length === 0 || args.includes('ipfix') ? ['packages/ipfix/src/fuzz.test.ts'] : []),
    ...(args.length === 0 || others.length > 0 ? ['fuzz/src/fuzz.test.ts'] : []),
  ];
  const env = { ...process.env, WEIR_FUZZ_CASES: cases, WEIR_FUZZ_ONLY: others.join(',') };
  for (const test of tests) {
    const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'unit', test], { stdio: 'inherit', env });
    process.exitCode ||= status ?? 1;
  }
}

/** `npm run soak -- [--minutes N] [--seed N] [--out FILE.md]`: faults, one after the other, under load; docs/explanation/soak.md. */
function soak(args) {
  build();
  installTools();
  process.exitCode =
    spawnSync(process.execPath, ['packages/lab/dist/soak/main.js', ...args], { stdio: 'inherit' }).status ?? 1;
}

/** Sends what `work` says of its progress to standard error: standard output is for results. */
function quietly(work) {
  const { write } = process.stdout;
  process.stdout.write = process.stderr.write.bind(process.stderr);
  work();
  process.stdout.write = write;
}

function install() {
  step('install', ['package-lock.json'], () => {
    run('installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error']);
  });
}

/** What the tests need of Debian: peers, oracles, the browser, the compiler. Programs, or files that a package has; `more` likewise. */
function installTools(more = {}) {
  installPrograms({
    ...more,
    ...UNPACKING,
    conntrack: 'conntrack',
    nft: 'nftables',
    ip: 'iproute2',
    tshark: 'tshark',
    nfcapd: 'nfdump',
    ping: 'iputils-ping',
    curl: 'curl',
    openssl: 'openssl',
    python3: 'python3',
    git: 'git',
    softflowd: 'softflowd',
    pmacctd: 'pmacct',
    fprobe: 'fprobe',
    ulogd: 'ulogd2',
    chromium: 'chromium',
    iperf3: 'iperf3',
    busybox: 'busybox-static',
    debootstrap: 'debootstrap',
    make: 'make',
    shellcheck: 'shellcheck',
    mosquitto: 'mosquitto',
    mosquitto_sub: 'mosquitto-clients',
    rrdtool: 'rrdtool',
    setpriv: 'util-linux',
    'qemu-mips': 'qemu-user',
    'qemu-system-x86_64': 'qemu-system-x86',
    'qemu-system-aarch64': 'qemu-system-arm',
    depmod: 'kmod',
    clang: 'clang',
    'llvm-strip': 'llvm',
    '/usr/include/bpf/bpf_helpers.h': 'libbpf-dev',
    '/usr/lib/*/libbpf.so.1': 'libbpf1',
  });
}

/** @param wanted programs, or files, each with the package that has it */
function installPrograms(wanted) {
  const missing = Object.keys(wanted).filter(
    name => spawnSync('sh', ['-c', `command -v ${name} || ls ${name}`]).status !== 0,
  );
  if (missing.length > 0) installPackages(missing.map(program => wanted[program]));
}

function installPackages(packages) {
  if (process.getuid?.() !== 0 || spawnSync('sh', ['-c', 'command -v apt-get']).status !== 0) {
    console.log(`not installed, what needs them is left out: ${packages.join(', ')}`);
    return;
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('updating package lists', 'apt-get', ['-qq', 'update'], environment);
  run(
    `installing ${packages.join(' ')}`,
    'apt-get',
    ['-qq', '-y', '--no-install-recommends', 'install', ...packages],
    environment,
  );
}

/** Runs `work` unless nothing below `inputs` has changed since it last succeeded. */
function step(name, inputs, work) {
  const stamp = join('node_modules', `.weir-${name}`);
  const newest = String(Math.max(...inputs.map(newestChange)));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === newest) return;
  work();
  mkdirSync('node_modules', { recursive: true });
  writeFileSync(stamp, newest);
}

function newestChange(path) {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  const entries = readdirSync(path).filter(
    entry => !['node_modules', 'dist'].includes(entry) && !entry.endsWith('.tsbuildinfo'),
  );
  return Math.max(0, ...entries.map(entry => newestChange(join(path, entry))));
}

function run(what, command, args, env = process.env) {
  const begun = Date.now();
  process.stdout.write(`${what} ...\n`);
  const result = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 1 << 28 });
  if (result.status === 0) return process.stdout.write(`${what}: ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  fail(`${what} failed (${command} ${args.join(' ')}${result.error ? `: ${result.error.message}` : ''}), see above`, 1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node.js ${process.versions.node} is too old: install 20.19 or later`, 1);
}

function fail(message, status) {
  process.stderr.write(`weir: ${message}\n`);
  process.exit(status);
}
