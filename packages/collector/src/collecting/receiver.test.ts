import { createSocket } from 'node:dgram';
import { describe, expect, test } from 'vitest';
import { openDgramReceiver } from './dgram-receiver.js';
import { mmsgAvailable, openMmsgReceiver } from './mmsg-receiver.js';
import { openReceiver } from './open-receiver.js';
import { until } from './testing/exporter.js';

const kinds = [
  { name: 'dgram', open: openDgramReceiver, here: true },
  { name: 'recvmmsg', open: openMmsgReceiver, here: mmsgAvailable() },
] as const;

async function send(port: number, host: string, datagrams: readonly Uint8Array[]): Promise<number> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, port, host, error => (error ? reject(error) : resolve()));
    });
  }
  const from = socket.address().port;
  socket.close();
  return from;
}

describe.each(kinds)('$name', ({ open, here }) => {
  test.skipIf(!here)('delivers every datagram whole, with its sender, on IPv4 and IPv6', async () => {
    const got: string[] = [];
    const addresses = [
      { address: '127.0.0.1', family: 4, port: 0 },
      { address: '::1', family: 6, port: 0 },
    ] as const;
    const receiver = await open(addresses, 1 << 20, (bytes, peer) => {
      got.push(`${peer.address} ${peer.port} ${bytes.length} ${bytes[0]} ${bytes.at(-1)}`);
    });
    try {
      expect(receiver.listening.map(at => at.host)).toEqual(['127.0.0.1', '::1']);
      expect(receiver.receiveBuffer).toBeGreaterThanOrEqual(65_536);
      const largest = new Uint8Array(65_507).fill(7);
      const from4 = await send(receiver.listening[0]!.port, '127.0.0.1', [Uint8Array.of(1, 2), largest]);
      const from6 = await send(receiver.listening[1]!.port, '::1', [Uint8Array.of(3)]);
      await until(() => got.length === 3);
      expect(got.sort()).toEqual(
        [`127.0.0.1 ${from4} 2 1 2`, `127.0.0.1 ${from4} 65507 7 7`, `::1 ${from6} 1 3 3`].sort(),
      );
    } finally {
      receiver.close();
    }
  });

  test.skipIf(!here)('a port that is taken is one clear line, and its port is free again after close', async () => {
    const first = await open([{ address: '127.0.0.1', family: 4, port: 0 }], 65_536, () => {});
    const taken = { address: '127.0.0.1', family: 4, port: first.listening[0]!.port } as const;
    await expect(open([taken], 65_536, () => {})).rejects.toThrow(
      /cannot listen on udp:\/\/127\.0\.0\.1:\d+: EADDRINUSE: another program/,
    );
    first.close();
    const second = await open([taken], 65_536, () => {});
    second.close();
  });
});

test.skipIf(!mmsgAvailable())('the kernel drops what does not fit the receive buffer, and it is counted', async () => {
  let got = 0;
  const receiver = await openMmsgReceiver([{ address: '127.0.0.1', family: 4, port: 0 }], 65_536, () => got++);
  try {
    const { port } = receiver.listening[0]!;
    const socket = createSocket('udp4');
    const sent: Promise<void>[] = [];
    // Queued in one turn of the event loop, so that nobody reads meanwhile.
    for (let i = 0; i < 400; i++) {
      sent.push(new Promise(resolve => socket.send(new Uint8Array(1400), port, '127.0.0.1', () => resolve())));
    }
    await Promise.all(sent);
    socket.close();
    await until(() => got + receiver.kernelDrops()! === 400);
    expect(receiver.kernelDrops()).toBeGreaterThan(0);
    expect(got + receiver.kernelDrops()!).toBe(400);
  } finally {
    receiver.close();
  }
});

test.skipIf(!mmsgAvailable())(
  'datagrams that take long do not keep timers waiting, and all are delivered',
  async () => {
    let got = 0;
    const receiver = await openMmsgReceiver([{ address: '127.0.0.1', family: 4, port: 0 }], 1 << 20, () => {
      for (const end = performance.now() + 10; performance.now() < end; );
      got++;
    });
    const begun = performance.now();
    let [longest, last] = [0, begun];
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    try {
      await send(
        receiver.listening[0]!.port,
        '127.0.0.1',
        Array.from({ length: 100 }, () => new Uint8Array(16)),
      );
      await until(() => got === 100);
      // They take a second of processor time, and longer on a machine that has other work: so do its pauses.
      expect(longest).toBeLessThan((performance.now() - begun) / 2);
    } finally {
      clearInterval(timer);
      receiver.close();
    }
  },
);

test('a name without an address is one clear line', async () => {
  await expect(openReceiver([{ host: 'no-such-host.invalid', port: 1 }], 65_536, () => {})).rejects.toThrow(
    /has no address/,
  );
});
