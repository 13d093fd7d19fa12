import { spawnSync } from 'node:child_process';
import { type Finding, note, ok, problem } from './finding.js';

/** Flowtables forward packets past connection tracking, and count them only with the `counter` flag (since Linux 5.7). */
export function checkOffload(): Finding {
  const list = spawnSync('nft', ['list', 'flowtables'], { encoding: 'utf8' });
  if (list.error !== undefined)
    return note('offload', 'offload was not looked at', 'nft is not installed', 'apt-get install nftables');
  const tables = list.stdout.split(/\bflowtable\b/).slice(1);
  if (tables.length === 0) return ok('offload', 'no flowtable takes connections out of the kernel’s usual path');
  const silent = tables.filter(table => !/\bcounter\b/.test(table)).map(table => table.trim().split(/\s/)[0]);
  if (silent.length === 0) return ok('offload', 'every flowtable counts what it forwards');
  const meaning = 'packets that it forwards are not counted: octets and packets of offloaded connections are too low';
  return problem(
    'offload',
    `flowtable ${silent.join(', ')} has no counter`,
    meaning,
    'add `counter` to the flowtable in the ruleset',
    false,
  );
}
