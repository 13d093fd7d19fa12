import { readFileSync } from 'node:fs';
import { processTree } from './tree.js';

/** Octets of memory that are resident for the process (VmRSS of proc_pid_status(5)). */
export function residentOctets(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** The same of the process and all below it; pages that they share count once for each. */
export function residentOctetsOfTree(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + residentOctets(each), 0);
}
