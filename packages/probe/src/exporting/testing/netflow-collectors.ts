import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const have = (...programs: string[]) =>
  programs.every(program => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0);
export const haveTshark = have('tshark', 'text2pcap');
export const haveNfdump = have('nfcapd', 'nfdump');
if (!haveTshark)
  console.log('skipped: tshark or text2pcap is not installed (Debian packages tshark, wireshark-common)');
if (!haveNfdump) console.log('skipped: nfcapd or nfdump is not installed (Debian package nfdump)');

/** Rows of the fields that tshark reads in NetFlow datagrams: one for each datagram, values of a field joined by commas. */
export function tshark(messages: readonly Uint8Array[], fields: readonly string[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'weir-tshark-'));
  try {
    const capture = join(folder, 'netflow.pcap');
    const dump = messages.map(each => `000000 ${Buffer.from(each).toString('hex').replace(/../g, '$& ')}\n`).join('');
    execFileSync('text2pcap', ['-q', '-u', '2055,2055', '-', capture], {
      input: dump,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const columns = fields.flatMap(field => ['-e', field]);
    const options = ['-r', capture, '-d', 'udp.port==2055,cflow', '-T', 'fields', ...columns];
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    const text = execFileSync('tshark', options, {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
      stdio: [...stdio],
    });
    return text
      .trimEnd()
      .split('\n')
      .map(line => line.split('\t'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The flows that nfcapd keeps of these datagrams, in the columns of an nfdump format, numbers plain. */
export async function nfdump(messages: readonly Uint8Array[], format: string): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-nfcapd-'));
  const socket = createSocket('udp4');
  const port = await freePort();
  const nfcapd = spawn('nfcapd', ['-w', folder, '-b', '127.0.0.1', '-p', String(port), '-t', '3600'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    let said = '';
    for (const stream of [nfcapd.stdout, nfcapd.stderr]) stream.on('data', chunk => (said += chunk));
    for (let i = 0; i < 200 && !/Startup|ready|Bound/i.test(said); i++) await pause(20);
    await pause(200);
    for (const message of messages) await send(socket, message, port);
    await pause(300);
    const exit = once(nfcapd, 'exit');
    nfcapd.kill('SIGTERM');
    await exit;
    const text = execFileSync('nfdump', ['-R', folder, '-q', '-N', '-o', `fmt:${format}`], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    });
    const lines = text.split('\n').filter(line => line.trim() !== '');
    return lines.map(line => line.trim().split(/\s*\|\s*/));
  } finally {
    if (nfcapd.exitCode === null) nfcapd.kill('SIGKILL');
    socket.close();
    rmSync(folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>(resolve => socket.close(resolve));
  return port;
}

function send(socket: Socket, message: Uint8Array, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, port, '127.0.0.1', error => (error ? reject(error) : resolve()));
  });
}
