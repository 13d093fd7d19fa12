import { readFileSync } from 'node:fs';
import { processTree } from './tree.js';

/** Clock ticks a second of /proc (USER_HZ), 100 on every Linux. */
const ticksASecond = 100;

/** Seconds of processor time that the process, all its threads, and its children and theirs have used, those that have ended too. */
export function processSeconds(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + ownSeconds(each), 0);
}

/** Seconds that the whole machine has worked, interrupts included. */
export function machineSeconds(): number {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user! + nice! + system! + irq! + softirq!) / ticksASecond;
}

function ownSeconds(pid: number): number {
  try {
    // Behind the command's name, which may hold spaces: fields 14 to 17 of proc_pid_stat(5), ended children in the last two.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0) / ticksASecond;
  } catch {
    // It ended in between, and its parent has its time.
    return 0;
  }
}
