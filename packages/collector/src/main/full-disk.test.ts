import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sender, TestExporter, until } from '../collecting/testing/exporter.js';
import { startCollector } from './start.js';
import { noDatabases } from './testing/options.js';

const isRoot = process.getuid?.() === 0;

describe('a disk of its own', () => {
  let directory: string;
  beforeEach(({ skip }) => {
    skip(!isRoot, 'only root can mount a small file system');
    directory = mkdtempSync(join(tmpdir(), 'weir-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=0700', 'weir-full', directory]);
  });
  afterEach(() => {
    if (!isRoot) return;
    execFileSync('umount', ['--lazy', directory]);
    rmSync(directory, { recursive: true });
  });

  /** Leaves nothing free; how to make room again. */
  function fill(): () => void {
    const path = join(directory, 'filling');
    for (let octets = 1 << 24; octets >= 4096; octets >>= 1) {
      try {
        for (;;) writeFileSync(path, new Uint8Array(octets), { flag: 'a' });
      } catch {}
    }
    expect(statfsSync(directory).bavail).toBeLessThan(2);
    return () => unlinkSync(path);
  }

  test('that is full is said, what arrives is kept in memory, and all is stored once there is room', async () => {
    const told: string[] = [];
    const collector = await startCollector(
      { ...noDatabases, data: directory, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0', 'tcp://127.0.0.1:0'] },
      { log: line => told.push(line) },
    );
    const [udp, tcp] = [new TestExporter(1), new TestExporter(2)];
    const [udpPort, tcpPort] = collector.listening.map(url => Number(new URL(url).port));
    const { send, close } = sender(udpPort!);
    const socket = connect(tcpPort!, '127.0.0.1');
    const flows = async () => {
      const response = await fetch(new URL('/api/v1/groups?by=', collector.http));
      return (await response.text()).includes(`"flows":${udp.sequence + tcp.sequence},`);
    };
    try {
      await send(udp.templates(), udp.flows(100));
      socket.write(Buffer.concat([tcp.templates(), tcp.flows(100)]));
      await until(flows);
      const makeRoom = fill();
      for (let i = 0; i < 100; i++) {
        await send(udp.flows(40));
        socket.write(tcp.flows(60));
      }
      await until(() => collector.status().spool.problem !== undefined);
      expect(collector.status().spool.problem).toMatch(/ENOSPC/);
      await until(() => told.some(line => /^cannot write .*ENOSPC.*; make room on the disk$/.test(line)));
      makeRoom();
      await until(flows);
      await until(() => collector.status().spool.problem === undefined);
      expect(collector.status().dropped).toEqual({ records: 0, datagrams: 0 });
      await until(() => told.some(line => /can be written again/.test(line)));
    } finally {
      close();
      socket.destroy();
      await collector.stop();
    }
  });
});
