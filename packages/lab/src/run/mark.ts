import { readdirSync, readFileSync } from 'node:fs';

// Every process that the lab starts inherits this variable, and so do its children however they detach themselves:
// /proc/PID/environ then tells ours from everybody else's without trusting names or parents.
const variable = 'LAB_MARK';
const mark = `lab-${process.pid}-${process.hrtime.bigint()}`;

/** The environment that the lab's processes run in. */
export function labEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, [variable]: mark, NO_COLOR: '1' };
}

/** One process that the lab started, directly or through another. */
export interface MarkedProcess {
  pid: number;
  command: string;
}

/** The processes alive now that carry this lab's mark. A zombie has no environment and so does not count. */
export function markedProcesses(): MarkedProcess[] {
  const found: MarkedProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = readProc(pid, 'environ');
    if (!environment.split('\0').includes(`${variable}=${mark}`)) continue;
    found.push({ pid, command: readProc(pid, 'cmdline').split('\0').join(' ').trim() });
  }
  return found;
}

/** Ends every process that carries the mark, without mercy. */
export function killMarked(): void {
  for (const { pid } of markedProcesses()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in between.
    }
  }
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
