import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { ProbeConfig } from '../config/schema.js';
import { WeirError } from '../error.js';
import { parseMetricsAddress, readMetricsToken } from '../main/metrics-server.js';
import { checkDirectory } from './check-files.js';
import { type ControlAddress, isLoopback, parseControl } from './listen-url.js';
import { readCertificate } from './listener.js';
import { readControlToken } from './token.js';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there: stop it, or choose another port',
  EACCES: 'ports below 1024 need root: choose another port',
  EADDRNOTAVAIL: 'this machine has no such address: "ip address" shows those it has',
  ENOTFOUND: 'the name has no address',
};

/** Where the metrics are served. @throws WeirError */
export async function checkMetrics(config: ProbeConfig, inForce: ProbeConfig): Promise<void> {
  const { metrics } = config;
  const tokenFile = config['metrics-token-file'];
  if (tokenFile !== undefined) readMetricsToken(tokenFile);
  if (metrics === undefined) return;
  const { host, port } = parseMetricsAddress(metrics);
  if (tokenFile === undefined && !isLoopback(host))
    throw new WeirError(`${metrics} can be reached from elsewhere: set metrics-token-file, or listen on 127.0.0.1`);
  const own = inForce.metrics === undefined ? undefined : parseMetricsAddress(inForce.metrics).port;
  if (port !== own) await checkPort(host, port);
}

/** Where this endpoint itself is served. @throws WeirError */
export async function checkControl(config: ProbeConfig, inForce: ProbeConfig): Promise<void> {
  const { control } = config;
  const tokenFile = config['control-token-file'];
  if (tokenFile !== undefined) readControlToken(tokenFile);
  if (control === undefined) return;
  const address = parseControl(control);
  if (address.kind === 'unix') return checkDirectory(dirname(address.path));
  if (tokenFile === undefined) throw new WeirError(`${control} needs a token: set control-token-file`);
  if (address.kind === 'https') readCertificate(address);
  if (address.port !== portOf(inForce.control)) await checkPort(address.host, address.port);
}

function portOf(control: string | undefined): number | undefined {
  const address: ControlAddress | undefined = control === undefined ? undefined : parseControl(control);
  return address === undefined || address.kind === 'unix' ? undefined : address.port;
}

/** Listens there for a moment: nothing else tells whether one can. */
async function checkPort(host: string, port: number): Promise<void> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new WeirError(
      `port ${port} of ${host} cannot be listened on (${code}): ${REASONS[code] ?? 'choose another'}`,
    );
  }
  server.close();
  await once(server, 'close');
}
