import { WeirError } from '../error.js';
import { SystemError } from '../host/host.js';
import { QuickHost } from '../host/quickjs.js';
import { calls } from '../host/quickjs-calls.js';
import type { Level, Log } from '../main/log.js';
import { type RunOptions, runProbe } from './run.js';
import { type RouterSettings, readSettings } from './settings.js';

const USAGE = `usage: weir-probe [--config FILE] [--run-directory DIRECTORY] [--stderr]

  --config FILE               UCI file with a section "config probe" (/etc/config/weir)
  --run-directory DIRECTORY   where the flow table and status.json are, in memory (/var/run/weir)
  --stderr                    write messages to standard error, not to the system's log`;

/** syslog(3). */
const PRIORITIES: Readonly<Record<Level, number>> = { info: 6, warning: 4, error: 3 };

interface Arguments {
  readonly config: string;
  readonly 'run-directory': string;
  readonly stderr: boolean;
}

/** Undefined where they mean nothing. */
function readArguments([, ...given]: readonly string[]): Arguments | undefined {
  const options = { config: '/etc/config/weir', 'run-directory': '/var/run/weir', stderr: false };
  while (given.length > 0) {
    const name = given.shift();
    if (name === '--stderr') options.stderr = true;
    else if ((name === '--config' || name === '--run-directory') && given.length > 0)
      options[name === '--config' ? 'config' : 'run-directory'] = given.shift()!;
    else return undefined;
  }
  return options;
}

function main(): number {
  const given = readArguments(calls.arguments);
  if (given === undefined) {
    calls.log(-1, USAGE);
    return 2;
  }
  const log: Log = (line, level = 'info') => calls.log(given.stderr ? -1 : PRIORITIES[level], line);
  const options = { host: new QuickHost(), configPath: given.config, runDirectory: given['run-directory'], log };
  try {
    meter(options);
    return 0;
  } catch (error) {
    log(explain(error), 'error');
    return 1;
  }
}

function meter(options: RunOptions): void {
  const text = options.host.readText(options.configPath);
  if (text === undefined) throw new WeirError(`${options.configPath} cannot be read: name another file with --config`);
  calls.makeDirectory(options.runDirectory);
  let settings: RouterSettings | undefined = readSettings(text);
  while (settings !== undefined) settings = runProbe(settings, options);
}

/** In one line what went wrong; where that is a mistake of the program, also where. */
function explain(error: unknown): string {
  if (error instanceof SystemError && error.code === 'EPERM')
    return `${error.message}: metering needs the capability CAP_NET_ADMIN; start the probe as root`;
  if (error instanceof SystemError && error.code === 'EPROTONOSUPPORT')
    return `${error.message}: the kernel lacks ctnetlink; install kmod-nf-conntrack-netlink`;
  const { name, message, stack } = error as Error;
  return name === 'WeirError' || error instanceof SystemError ? message : `${name}: ${message}\n${stack}`;
}

// Called by the host when all of this has been defined: what defines it takes no memory then.
(globalThis as { weirProbe?: () => number }).weirProbe = main;
