import { processTree, readProc } from './tree.js';

/**
 * Octets of memory that are resident for the process and its children: what each has for itself, and what they can share (files and shared
 * memory) as much as the largest of them has (proc_pid_status(5)).
 */
export function residentOctets(pid: number): number {
  const all = processTree(pid);
  const most = (name: string): number => Math.max(...statusFigures(all, name));
  return (statusSum(all, 'RssAnon') + most('RssFile') + most('RssShmem')) * 1024;
}

/** What all of these processes together have of a line in /proc/PID/status: memory in KiB. */
export function statusSum(pids: readonly number[], name: string): number {
  return statusFigures(pids, name).reduce((sum, each) => sum + each, 0);
}

/** 0 of those that have ended. */
function statusFigures(pids: readonly number[], name: string): number[] {
  const line = new RegExp(`^${name}:\\s+(\\d+)`, 'm');
  return pids.map(pid => Number(line.exec(readProc(pid, 'status'))?.[1] ?? 0));
}
