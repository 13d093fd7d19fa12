import { processTree, readProc } from './tree.js';

/**
 * Octets of memory that are resident for the process and its children: what each has for itself, and what they can share (files and shared
 * memory) as much as the largest of them has (proc_pid_status(5)).
 */
export function residentOctets(pid: number): number {
  const all = processTree(pid).map(each => readProc(each, 'status'));
  const figures = (name: string): number[] =>
    all.map(status => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0));
  const own = figures('RssAnon').reduce((sum, each) => sum + each, 0);
  return (own + Math.max(...figures('RssFile')) + Math.max(...figures('RssShmem'))) * 1024;
}
