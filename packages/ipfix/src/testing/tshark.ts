import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

/** tshark and text2pcap: Wireshark's dissector is the independent witness of what is on the wire. */
const haveTshark = ['tshark', 'text2pcap'].every(tool => spawnSync(tool, ['--version']).status === 0);

/** Skips the test where they are not. */
export function needTshark({ skip }: TestContext): void {
  skip(!haveTshark, 'tshark or text2pcap is not installed (Debian packages tshark, wireshark-common)');
}

function hexDump(message: Uint8Array): string {
  return `000000 ${Array.from(message, octet => octet.toString(16).padStart(2, '0')).join(' ')}\n`;
}

/** Runs tshark over the Messages, each in a UDP datagram to port 4739; a line of output for each line tshark prints. */
export function tshark(messages: readonly Uint8Array[], ...options: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'weir-tshark-'));
  try {
    const capture = join(folder, 'messages.pcap');
    execFileSync('text2pcap', ['-q', '-u', '4739,4739', '-', capture], {
      input: messages.map(hexDump).join(''),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const args = ['-r', capture, '-d', 'udp.port==4739,cflow', ...options];
    return execFileSync('tshark', args, {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
    })
      .trimEnd()
      .split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All values of the fields, in the order of the records: field -> values, all Messages one after another. */
export function tsharkFields(messages: readonly Uint8Array[], fields: readonly string[]): Map<string, string[]> {
  const options = fields.flatMap(field => ['-e', field]);
  const rows = tshark(messages, '-T', 'fields', ...options).map(line => line.split('\t'));
  const values = (column: number) => rows.flatMap(row => (row[column] ? row[column].split(',') : []));
  return new Map(fields.map((field, column) => [field, values(column)]));
}
