import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sender, TestExporter, until } from '../collecting/testing/exporter.js';
import { startCollector } from './start.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-kill-'));
const built = new URL('../../dist/index.js', import.meta.url).href;
let child: ChildProcess | undefined;
afterAll(() => {
  child?.kill('SIGKILL');
  rmSync(directory, { recursive: true, maxRetries: 5 });
});

/** Runs the built collector in a process of its own; its UDP port. */
async function startProcess(options: object): Promise<number> {
  const code = `import { startCollector } from '${built}';
    const collector = await startCollector(${JSON.stringify(options)});
    console.log(collector.listening[0]);`;
  child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return Number(new URL(line.toString().trim()).port);
}

test('killed in mid-traffic, it loses what it says it lost and doubles nothing', async () => {
  const options = { data: directory, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'] };
  const port = await startProcess(options);
  const exporter = new TestExporter();
  const { send, close } = sender(port);
  await send(exporter.templates());
  const rounds = 250;
  for (let i = 0; i < rounds; i++) {
    await send(exporter.flows(20));
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  const ended = once(child!, 'exit');
  child!.kill('SIGKILL');
  await ended;
  await send(exporter.flows(20));
  const collector = await startCollector({ ...options, listen: [`udp://127.0.0.1:${port}`] });
  try {
    await send(exporter.flows(20));
    await until(() => collector.status().exporters[0]?.messages === 1);
    close();
    const ask = async () =>
      (await (await fetch(new URL('/api/v1/groups?by=', collector.http))).json()) as { flows: number };
    const { lostRecords } = collector.status().exporters[0]!;
    await until(async () => (await ask()).flows === exporter.sequence - lostRecords);
    // What was not yet in the spool, at most the last second, and what came while nobody listened.
    expect(lostRecords).toBeGreaterThanOrEqual(20);
    expect(lostRecords).toBeLessThan((rounds * 20) / 2);
  } finally {
    await collector.stop();
  }
});
