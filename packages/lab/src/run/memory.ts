import { readFileSync } from 'node:fs';

/** Octets of memory that are resident for the process (VmRSS of proc_pid_status(5)). */
export function residentOctets(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}
