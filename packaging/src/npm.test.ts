import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTarballs } from './npm.js';
import { run } from './run.js';
import { debianRoot } from './testing/debian-root.js';

/** What npm is told of the world outside by its environment here. */
const PASSED = /^(https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)$/i;

const folder = mkdtempSync(join(tmpdir(), 'weir-npm-test-'));
const root = join(folder, 'root');

beforeAll(async () => {
  await debianRoot(root);
  for (const file of makeTarballs()) cpSync(file, join(root, basename(file)));
  cpSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  const authorities = process.env.NODE_EXTRA_CA_CERTS;
  if (authorities !== undefined) cpSync(authorities, join(root, authorities), { recursive: true });
}, 300_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
}, 300_000);

/** In a Debian that has Node.js and nothing else. */
function inside(command: string): string {
  const registry = run(['npm', 'config', 'get', 'registry']).trim();
  const passed = Object.entries(process.env).filter(([name]) => PASSED.test(name));
  const env = {
    ...Object.fromEntries(passed),
    PATH: '/usr/local/bin:/usr/sbin:/usr/bin',
    npm_config_registry: registry,
    HOME: '/root',
  };
  return run(['chroot', root, 'sh', '-c', command], { env });
}

test('the library of the protocol installs from its file, and decodes', () => {
  inside('mkdir /library && cd /library && npm install --no-audit --no-fund /weir-ipfix-0.1.0.tgz');
  const said = inside(`cd /library && node --input-type=module -e "
    import { TransportSession } from '@weir/ipfix';
    console.log(typeof new TransportSession().decode);"`);
  expect(said.trim()).toBe('function');
}, 120_000);

test('the probe installs from its file', () => {
  inside('mkdir /probe && cd /probe && npm install --no-audit --no-fund /weir-probe-0.1.0.tgz');
  const said = inside(`cd /probe && node --input-type=module -e "
    import { probeSchema } from '@weir/probe';
    console.log(Object.keys(probeSchema.properties).length > 10);"`);
  expect(said.trim()).toBe('true');
}, 120_000);

test('the command installs from its file, and "weir up" shows this machine', async () => {
  inside('npm install --global --no-audit --no-fund /weir-0.1.0.tgz');
  expect(inside('weir --version').trim()).toMatch(/^\d+\.\d+\.\d+$/);
  const script = 'mount -t proc proc /proc; ip link set lo up; exec weir up --data /data';
  const up = spawn(
    'unshare',
    ['--net', '--mount', '--pid', '--fork', '--kill-child', 'chroot', root, 'sh', '-c', script],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [up.stdout, up.stderr]) stream.setEncoding('utf8').on('data', text => (said += text));
  try {
    for (let second = 0; second < 60 && !said.includes('4780'); second++) await sleep(1000);
    expect(said).toContain('4780');
    // The manual comes along.
    const url = 'http://127.0.0.1:4780/docs/tutorial/first-picture.html';
    const program = `fetch('${url}').then(answer => answer.text()).then(console.log)`;
    const manual = run(['nsenter', '-t', String(up.pid), '-n', process.execPath, '-e', program]);
    expect(manual).toContain('Ten minutes to the first picture');
  } finally {
    const ended = once(up, 'exit');
    up.kill('SIGKILL');
    await ended;
  }
}, 300_000);
