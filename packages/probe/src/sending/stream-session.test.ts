import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Receiver } from './testing/receiver.js';
import { closedPort, directory, received, sending, tcp, useDirectory, within } from './testing/stream.js';

// These take about 30 seconds, because they wait as the product does: until a connection counts as wanted, until a probe that stops
// gives up. With WEIR_LONG=1 the collector is away for five minutes.
const awaySeconds = process.env.WEIR_LONG === '1' ? 300 : 1.5;

useDirectory();

describe('TCP', () => {
  test('all records arrive once, and the session ends in order', async () => {
    const receiver = await Receiver.listen();
    const { exportSome, stop, counters } = sending(tcp(receiver.port));
    await exportSome(20_000);
    await stop();
    expect([received(receiver), receiver.doubles, receiver.faults]).toEqual([20_000, 0, 0]);
    expect(receiver.sessions[0]!.counters.templates).toBe(1);
    expect(counters).toMatchObject({ sessions: 1, unsentRecords: 0, resentOctets: 0 });
    await receiver.stop();
    expect(readdirSync(directory)).toEqual([]);
  });

  test(
    'a collector that comes later gets everything',
    async () => {
      const { port, stop: free } = await closedPort();
      await free();
      const { exportSome, stop, lines, counters } = sending(tcp(port));
      await exportSome(20_000);
      await sleep(awaySeconds * 1000);
      await exportSome(20_000);
      const receiver = await Receiver.listen(port);
      await expect.poll(() => received(receiver), within).toBe(40_000);
      expect([receiver.doubles, receiver.faults]).toEqual([0, 0]);
      expect(lines[0]).toMatch(/nothing listens there.*ECONNREFUSED.*kept in/);
      expect(counters.spooledOctets).toBeGreaterThan(1_000_000);
      await expect.poll(() => lines.at(-1), within).toMatch(/is connected/);
      await stop();
      expect([counters.spoolOctets, readdirSync(directory)]).toEqual([0, []]);
      await receiver.stop();
    },
    (awaySeconds + 60) * 1000,
  );

  test('a collector that stops in order, again and again under load, loses nothing and gets nothing twice', async () => {
    const receivers = [await Receiver.listen()];
    const { port } = receivers[0]!;
    const { exportSome, stop, counters } = sending(tcp(port));
    let going = true;
    const load = (async () => {
      while (going) {
        await exportSome(200);
        await sleep(10);
      }
    })();
    for (let i = 0; i < 4; i++) {
      await sleep(300);
      await receivers.at(-1)!.stop();
      await sleep(i * 200);
      receivers.push(await Receiver.listen(port));
    }
    await sleep(300);
    going = false;
    await load;
    await expect.poll(() => received(...receivers), within).toBe(counters.flowRecords);
    await stop();
    const exported = counters.flowRecords;
    expect(exported).toBeGreaterThan(10_000);
    expect(received(...receivers)).toBe(exported);
    expect(receivers.reduce((sum, { flows }) => sum + flows.size, 0)).toBe(exported);
    expect(receivers.reduce((sum, { doubles, faults }) => sum + doubles + faults, 0)).toBe(0);
    expect(counters.unsentRecords).toBe(0);
    await receivers.at(-1)!.stop();
  });

  test('a collector that does not read for a while gets everything once', async () => {
    const receiver = await Receiver.listen();
    const { exportSome, stop, counters } = sending(tcp(receiver.port));
    await exportSome(1000);
    await expect.poll(() => received(receiver), within).toBe(1000);
    receiver.pause();
    await exportSome(150_000);
    expect(counters.spooledOctets).toBeGreaterThan(1_000_000);
    receiver.resume();
    await expect.poll(() => received(receiver), within).toBe(151_000);
    expect([receiver.doubles, receiver.faults, counters.sessions]).toEqual([0, 0, 1]);
    await stop();
    await receiver.stop();
  });

  test('of what a killed collector had not read nothing is lost', async () => {
    const first = await Receiver.listen();
    const { exportSome, stop, counters } = sending(tcp(first.port));
    await exportSome(1000);
    // Long enough for the connection to count as wanted, and what was read as delivered.
    await sleep(2500);
    first.pause();
    await exportSome(50_000);
    await sleep(500);
    await first.kill();
    const second = await Receiver.listen(first.port);
    await expect.poll(() => received(first, second), within).toBe(51_000);
    // What it had read before it stopped reading comes again at most in part.
    expect(first.flows.size + second.flows.size - 51_000).toBeLessThan(1000);
    expect(counters.resentOctets).toBeGreaterThan(0);
    await stop();
    await second.stop();
  });
});

describe('the spool', () => {
  test('what a probe leaves is sent by the next one first, in a session of its own', async () => {
    const { port, stop: free } = await closedPort();
    await free();
    const before = sending(tcp(port));
    await before.exportSome(30_000);
    await before.stop();
    expect(before.counters.spoolOctets).toBeGreaterThan(1_000_000);
    const receiver = await Receiver.listen(port);
    const after = sending(tcp(port), { next: 30_000 });
    await after.exportSome(5000);
    // Also where it stops at once: both sessions are had before.
    await after.stop();
    await expect.poll(() => received(receiver), within).toBe(35_000);
    expect([receiver.doubles, receiver.faults, receiver.sessions.length]).toEqual([0, 0, 2]);
    expect(receiver.sessions.map(({ counters }) => counters.records)).toEqual([30_000, 5000]);
    expect(readdirSync(directory)).toEqual([]);
    await receiver.stop();
  });

  test('what another session with the same collector leaves is taken over while this one runs', async () => {
    const { port, stop: free } = await closedPort();
    await free();
    const before = sending(tcp(port));
    await before.exportSome(30_000);
    const receiver = await Receiver.listen(port);
    receiver.pause();
    const after = sending(tcp(port), { next: 30_000 });
    await after.exportSome(5000);
    await before.stop();
    receiver.resume();
    await expect.poll(() => received(receiver), within).toBe(35_000);
    expect(receiver.faults).toBe(0);
    await after.exportSome(100);
    await expect.poll(() => received(receiver), within).toBe(35_100);
    await after.stop();
    expect(readdirSync(directory)).toEqual([]);
    await receiver.stop();
  });

  test('what was sent but not read when the probe stops is not forgotten', async () => {
    const first = await Receiver.listen();
    const before = sending(tcp(first.port));
    await before.exportSome(1000);
    await sleep(2500);
    first.pause();
    await before.exportSome(50_000);
    await before.stop();
    await first.kill();
    const second = await Receiver.listen(first.port);
    const after = sending(tcp(first.port), { next: 51_000 });
    await expect.poll(() => received(first, second), within).toBe(51_000);
    expect(first.flows.size + second.flows.size - 51_000).toBeLessThan(1000);
    expect(second.faults).toBe(0);
    await after.stop();
    await second.stop();
  });

  test('is bounded: the oldest are dropped, counted, and seen as lost by the collector', async () => {
    const { port, stop: free } = await closedPort();
    await free();
    const { exportSome, stop, counters, lines } = sending(tcp(port), { spoolOctets: 1_048_576 });
    await exportSome(10);
    await sleep(1500);
    await exportSome(40_000);
    expect(counters.spoolOctets).toBeLessThanOrEqual(1_048_576);
    expect(counters.unsentRecords).toBeGreaterThan(10_000);
    expect(lines.filter(line => line.includes('it is full')).length).toBe(1);
    const receiver = await Receiver.listen(port);
    await expect.poll(() => received(receiver) + counters.unsentRecords, within).toBe(40_010);
    expect(receiver.flows.has(40_009)).toBe(true);
    await stop();
    await receiver.stop();
  });

  test('without one, what does not fit in memory waits with its maker, and what is left at the end is counted', async () => {
    const { port, stop: free } = await closedPort();
    await free();
    const { exporter, exportSome, stop, counters, lines } = sending(tcp(port), { spool: false });
    await exportSome(10_000);
    expect(exporter.isWaiting()).toBe(true);
    await stop();
    expect(counters.unsentRecords).toBe(10_000);
    expect(lines.at(-1)).toMatch(/10000 records could not be sent/);
  });
});
