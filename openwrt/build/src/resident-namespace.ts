/**
 * Run in a network namespace of its own: starts the program, makes connections that live, and prints how many kB are resident with so many of
 * them, and when twice as many and the same number of TCP have ended, as JSON. Files that are mapped count, too. Arguments: the program, a
 * directory, numbers of connections in ascending order.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [program, folder, ...numbers] = process.argv.slice(2) as [string, string, ...string[]];
const ACTIVE_TIMEOUT_SECONDS = 2;
/** Two sweeps and more, and what is done now and then. */
const SETTLE_MILLISECONDS = 6500;
/** RFC 863: nothing listens, and nothing needs to. */
const DISCARD = 9;

execFileSync('ip', ['link', 'set', 'lo', 'up']);
execFileSync('nft', [
  'add table inet t; add chain inet t c { type filter hook output priority 0; }; add rule inet t c ct state new accept',
]);
for (const name of ['acct', 'events']) writeFileSync(`/proc/sys/net/netfilter/nf_conntrack_${name}`, '1');
writeFileSync('/proc/sys/net/netfilter/nf_conntrack_udp_timeout', '600');

const collector = createSocket('udp4').bind(4739, '127.0.0.1');
const client = createSocket('udp4').bind(0, '127.0.0.1');
await Promise.all([collector, client].map(each => once(each, 'listening')));
writeFileSync(
  join(folder, 'weir'),
  `config probe 'main'\n  list collector 'udp://127.0.0.1'\n  option active_timeout '${ACTIVE_TIMEOUT_SECONDS}'\n`,
);
const probe = spawn(program, ['--config', join(folder, 'weir'), '--run-directory', join(folder, 'run'), '--stderr']);
let said = '';
probe.stderr.setEncoding('utf8').on('data', text => {
  said += text;
});
while (!said.includes('metering\n') && probe.exitCode === null) await sleep(50);

const resident: Record<string, number> = {};
async function measure(name: string): Promise<void> {
  await sleep(SETTLE_MILLISECONDS);
  const [, kB] = /^Rss: +(\d+) kB/m.exec(readFileSync(`/proc/${probe.pid}/smaps_rollup`, 'utf8')) ?? [];
  resident[name] = Number(kB);
}
let made = 0;
for (const number of numbers.map(Number)) {
  // One more address in 127.0.0.0/8 each.
  for (; made < number; made++) await new Promise(done => client.send('x', DISCARD, addressOf(made), done));
  await measure(String(number));
}
const { flowTableEntryCount: live } = status();
for (const most = made; made < 2 * most; made++) {
  await new Promise(done => client.send('x', DISCARD, addressOf(made), done));
  if (made % 1000 === 0) execFileSync('conntrack', ['-F'], { stdio: 'ignore' });
}
// Nobody listens: each is refused at once.
for (let i = 0; i < made / 2; i++)
  await new Promise(done =>
    connect(DISCARD, '127.0.0.1')
      .on('error', () => {})
      .on('close', done),
  );
execFileSync('conntrack', ['-F'], { stdio: 'ignore' });
await measure('after');
probe.kill('SIGTERM');
const [exitStatus] = await once(probe, 'exit');
console.log(JSON.stringify({ resident, live, ended: status().observedFlowTotalCount, exitStatus, said }));
process.exit();

function status(): Record<string, number> {
  return JSON.parse(readFileSync(join(folder, 'run', 'status.json'), 'utf8'));
}

function addressOf(index: number): string {
  return `127.1.${index >> 8}.${index & 0xff}`;
}
