/**
 * Run in a network namespace of its own: makes Flows on loopback, meters them by the program, and prints how many of them each of two
 * collectors was told of, as JSON. Arguments: the program, a directory, the number of Flows.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { repository } from './targets.js';

const [program, folder, number] = process.argv.slice(2) as [string, string, string];
const { decodeRecords, MessageSplitter, TransportSession } = await import(
  pathToFileURL(join(repository, 'packages/ipfix/dist/index.js')).href
);

/** Ports that Flows came from, of records whose destination is the port of the traffic. */
class Told {
  readonly ports = new Set<number>();
  readonly #session = new TransportSession();

  read(message: Uint8Array): void {
    this.#session.decode(message, {
      dataSet: (set: never) => {
        for (const { record } of decodeRecords(set)) {
          if (record.destinationTransportPort === TRAFFIC) this.ports.add(record.sourceTransportPort);
        }
      },
    });
  }
}

const TRAFFIC = 9000;
execFileSync('ip', ['link', 'set', 'lo', 'up']);
execFileSync('nft', [
  'add table inet t; add chain inet t c { type filter hook output priority 0; }; add rule inet t c ct state new accept',
]);
for (const name of ['acct', 'events']) writeFileSync(`/proc/sys/net/netfilter/nf_conntrack_${name}`, '1');

const overUdp = new Told();
const overTcp = new Told();
const udp = createSocket('udp4', message => overUdp.read(message)).bind(4739, '127.0.0.1');
const tcp = createServer(socket => {
  const splitter = new MessageSplitter();
  socket.on('data', octets => {
    for (const { bytes } of splitter.push(octets)) overTcp.read(bytes);
  });
}).listen(4739, '127.0.0.1');
const server = createSocket('udp4').bind(TRAFFIC, '127.0.0.1');
await Promise.all([udp, tcp, server].map(each => once(each, 'listening')));
const collectors = ['udp://127.0.0.1', `tcp://127.0.0.1:${(tcp.address() as AddressInfo).port}`];
const config = collectors.map(url => `  list collector '${url}'`).join('\n');
const settings = `config probe 'main'\n${config}\n  option active_timeout '2'\n`;
writeFileSync(join(folder, 'weir'), settings);
const probe = spawn(program, ['--config', join(folder, 'weir'), '--run-directory', join(folder, 'run'), '--stderr']);
let said = '';
probe.stderr.setEncoding('utf8').on('data', text => {
  said += text;
});
const isMetering = async (times: number): Promise<void> => {
  while (said.split('metering\n').length <= times && probe.exitCode === null) await sleep(50);
};
await isMetering(1);
// One that no loop could begin with, and then one that needs the loop to begin anew.
writeFileSync(join(folder, 'weir'), `${settings}  option fields 'nonsense'\n`);
probe.kill('SIGHUP');
while (!said.includes('stay as they were') && probe.exitCode === null) await sleep(50);
// With a filter, which the program reads a part of itself for.
const others = `  option flow_table_entries '1000'\n  option filter 'proto udp and octets > 0'\n`;
writeFileSync(join(folder, 'weir'), `${settings}${others}`);
probe.kill('SIGHUP');
await isMetering(2);

const clients = Array.from({ length: Number(number) }, () => createSocket('udp4'));
for (const client of clients) await new Promise(done => client.send('x', TRAFFIC, '127.0.0.1', done));
const made = new Set(clients.map(client => client.address().port));
await sleep(1000);
execFileSync('conntrack', ['-F'], { stdio: 'ignore' });
await sleep(1000);
probe.kill('SIGTERM');
const [status] = probe.exitCode === null ? await once(probe, 'exit') : [probe.exitCode];
await sleep(300);
const count = ({ ports }: Told) => [...ports].filter(port => made.has(port)).length;
console.log(JSON.stringify({ made: made.size, udp: count(overUdp), tcp: count(overTcp), status, said }));
process.exit();
