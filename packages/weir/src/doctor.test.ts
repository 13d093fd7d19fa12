import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { checkPlatform, checkPrivilege, checkSource, type Finding } from '@weir/probe';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const obstacle = checkPlatform() ?? checkPrivilege();

test.skipIf(obstacle !== undefined)(
  `doctor tells once for all namespaces whether the kernel takes the kernel meter${obstacle ? ` (${obstacle.what})` : ''}`,
  () => {
    const namespaces = ['self', `/proc/${process.pid}/ns/net=7`].flatMap(name => ['--namespace', name]);
    const { stdout } = spawnSync(process.execPath, [main, 'doctor', '--json', ...namespaces], { encoding: 'utf8' });
    const findings: Finding[] = Array.from(stdout.trim().split('\n'), line => JSON.parse(line));
    expect(findings.filter(({ id }) => id === 'kernel-meter')).toEqual([checkSource()]);
    expect(findings.filter(({ id }) => id === 'table').length).toBe(2);
  },
);
