import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAddress } from '../address.js';
import { CommandObserver } from './command.js';
import { NfacctdObserver } from './nfacctd.js';
import { parseExactly, type RunMark } from './observer.js';
import { openObserver } from './open.js';

const mark: RunMark = { destinationV4: '198.19.1.2', destinationV6: '2001:db8:ffff::1', flowId: 1, firstDomain: 65536 };

test('integers beyond 2^53 - 1 are read whole', () => {
  expect(parseExactly('{"a": 18446744073709551615, "b": [9007199254740993], "c": 12, "d": "1, 2"}')).toEqual({
    a: '18446744073709551615',
    b: ['9007199254740993'],
    c: 12,
    d: '1, 2',
  });
});

test('what nfacctd prints is read, and only the records of the run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-observe-'));
  const file = join(folder, 'flows.json');
  const line = (destination: string): string =>
    JSON.stringify({
      ...{
        ip_src: '198.18.1.1',
        ip_dst: destination,
        port_src: 1,
        port_dst: 2,
        ip_proto: 'udp',
        packets: 3,
        bytes: -1,
      },
      ...{ timestamp_start: '1795675923.281000', timestamp_end: '1795675927.479000' },
    });
  writeFileSync(file, `${line('198.19.1.2')}\n${line('198.19.9.9')}\n{"half`);
  const records = await new NfacctdObserver(file).read(mark);
  expect(records).toEqual([
    {
      ...{
        sourceIPv4Address: '198.18.1.1',
        sourceTransportPort: '1',
        destinationTransportPort: '2',
        protocolIdentifier: '17',
      },
      ...{ packetDeltaCount: '3', octetDeltaCount: '-1', start: '1795675923281', end: '1795675927479' },
    },
  ]);
  expect(await new NfacctdObserver(join(folder, 'absent')).read(mark)).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('what a command prints as weir query does is read', async () => {
  const record = {
    destinationIPv4Address: '198.19.1.2',
    octetDeltaCount: '18446744073709551615',
    flowStartSeconds: '1970-01-01T00:00:01Z',
  };
  const observer = new CommandObserver(
    `echo '${JSON.stringify({ observationDomainId: 5, record })}'; echo '{"record":{}}'`,
  );
  expect(await observer.read(mark)).toEqual([
    {
      observationDomainId: '5',
      destinationIPv4Address: '198.19.1.2',
      octetDeltaCount: '18446744073709551615',
      start: '1000',
    },
  ]);
});

test('addresses and places to see are read, and what is none is refused', () => {
  expect(parseAddress('udp://[::1]')).toEqual({ transport: 'udp', host: '::1', port: 4739 });
  expect(parseAddress('tcp://collector.example:99/')).toEqual({
    transport: 'tcp',
    host: 'collector.example',
    port: 99,
  });
  for (const text of ['sctp://a', 'udp://', 'udp://a:65536', 'udp://[a]', 'a'])
    expect(() => parseAddress(text)).toThrow(/udp:\/\/HOST/);
  expect(openObserver('nfcapd:/var/flows')?.name).toBe('nfdump of /var/flows');
  expect(openObserver('none')).toBeUndefined();
  expect(() => openObserver('ftp://a')).toThrow(/nothing to see by/);
});
