import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { notifyServiceManager } from './service-manager.js';

// A datagram socket, which Node.js has none of: what comes in is written out, a line each.
const RECEIVER = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace('@', '\\0'))
print('bound', flush=True)
while True: print(s.recv(4096).decode(), flush=True)`;

afterEach(() => {
  delete process.env.NOTIFY_SOCKET;
});

const directory = mkdtempSync(join(tmpdir(), 'weir-notify-'));

test.each(['a path', 'an abstract name'])('a service manager that listens on %s is told', async kind => {
  const address = kind === 'a path' ? join(directory, 'notify') : `@weir-notify-${process.pid}`;
  const receiver = spawn('python3', ['-c', RECEIVER, address], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(receiver.stdout)[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('bound');
  process.env.NOTIFY_SOCKET = address;
  notifyServiceManager('READY=1');
  expect((await lines.next()).value).toBe('READY=1');
  receiver.kill();
  rmSync(directory, { recursive: true, force: true });
});

test('nobody listens, or nobody wants to know: nothing happens', () => {
  notifyServiceManager('READY=1');
  process.env.NOTIFY_SOCKET = join(directory, 'gone');
  expect(() => notifyServiceManager('READY=1')).not.toThrow();
});
