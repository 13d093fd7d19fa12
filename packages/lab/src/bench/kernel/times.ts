import { readdirSync, readFileSync } from 'node:fs';
import { processTree, readProc } from '../../run/tree.js';
import { sleep } from '../../run/wait.js';

/** Clock ticks a second of /proc (USER_HZ). */
const ticksASecond = 100;

/** Processor time since whenever, in nanoseconds. */
export interface Times {
  /** Of all tasks on the one CPU, what the kernel did in their name and beside them included. */
  machine: number;
  /** Of the process under test. */
  subject: number;
  /** Of the subject: where it was when the clock ticked, 250 times a second. */
  subjectUser: number;
  /** Of this program, which waits and asks. */
  self: number;
}

/** Reads the times now. The time that is going on counts at its end only, so it sleeps a moment. */
export async function times(subject: number | undefined): Promise<Times> {
  await sleep(20);
  return {
    machine: machineNanoseconds(),
    ...(subject === undefined ? { subject: 0, subjectUser: 0 } : subjectTimes(subject)),
    self: runTime(process.pid),
  };
}

/** What was used between two readings. */
export function between(before: Times, after: Times): Times {
  const names = ['machine', 'subject', 'subjectUser', 'self'] as const;
  return Object.fromEntries(names.map(name => [name, after[name] - before[name]])) as unknown as Times;
}

/** Of the only CPU, field 7 of its line in /proc/schedstat: nanoseconds that tasks have run on it (sched-stats.rst). */
function machineNanoseconds(): number {
  const line = /^cpu0 (.*)$/m.exec(readFileSync('/proc/schedstat', 'utf8'))![1]!;
  return Number(line.split(' ')[6]);
}

/** The kernel divides a task's exact time by where the clock's ticks found it (kernel/sched/cputime.c, cputime_adjust). */
function subjectTimes(pid: number): { subject: number; subjectUser: number } {
  const processes = processTree(pid);
  const subject = processes.reduce((sum, each) => sum + runTime(each), 0);
  const user = processes.reduce((sum, each) => sum + userTicks(each), 0);
  return { subject, subjectUser: (user / ticksASecond) * 1e9 };
}

/** Nanoseconds that the threads of a process have run (sched-stats.rst). */
function runTime(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + Number(readProc(pid, `task/${thread}/schedstat`).split(' ')[0]), 0);
}

/** Field 14 of proc_pid_stat(5), behind the command's name, which may hold spaces. */
function userTicks(pid: number): number {
  return Number(readProc(pid, 'stat').split(') ').at(-1)!.split(' ')[11]);
}
