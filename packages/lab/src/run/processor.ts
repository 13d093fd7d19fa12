import { readFileSync } from 'node:fs';
import { processTree, readProc } from './tree.js';
import { sleep } from './wait.js';

/** Clock ticks a second of /proc (USER_HZ), 100 on every Linux. */
const TICKS_A_SECOND = 100;
const SAMPLE_MILLISECONDS = 20;

/** Seconds of processor time that the process, all its threads and its children have used. 0 if it has ended. */
export function processSeconds(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + ownTicks(each), 0) / TICKS_A_SECOND;
}

/** Of the process and of those of its children that have ended and been waited for. */
function ownTicks(pid: number): number {
  // Behind the command's name, which may hold spaces: fields 14 to 17 of proc_pid_stat(5).
  const fields = readProc(pid, 'stat').split(') ').at(-1)!.split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

/** Does `work`, which ends the process. @returns seconds of processor time that the process had used when it was last seen */
export async function processSecondsUntilEnd(pid: number, work: () => Promise<void>): Promise<number> {
  let used = processSeconds(pid);
  let over = false;
  const watching = (async () => {
    for (; !over; await sleep(SAMPLE_MILLISECONDS)) used = Math.max(used, processSeconds(pid));
  })();
  await work().finally(() => {
    over = true;
  });
  await watching;
  return used;
}

/** Seconds that the whole machine has worked, interrupts included. */
export function machineSeconds(): number {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user! + nice! + system! + irq! + softirq!) / TICKS_A_SECOND;
}
