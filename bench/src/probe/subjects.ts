import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lab, type LabProcess, type Namespace, weirCommand } from '@weir/lab';

/** Where every subject exports to, on the loopback of its namespace. */
export const EXPORT_PORT = 4739;

/** Somebody listens there and reads nothing: the kernel drops what does not fit, and nobody is refused. */
export async function startListener(lab: Lab, namespace: Namespace): Promise<void> {
  const program = `const socket = require('node:dgram').createSocket({ type: 'udp4', recvBufferSize: 4096 });
    socket.bind(${EXPORT_PORT}, '127.0.0.1', () => { console.log('bound'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); });`;
  await lab.own(namespace.start([process.execPath, '-e', program])).output(/bound/, 10);
}

/** An exporter under test. */
export interface Meter {
  readonly name: string;
  /** Starts it in the namespace and waits until it meters. */
  start(lab: Lab, namespace: Namespace): Promise<LabProcess>;
}

function probe(name: string, options: readonly string[]): Meter {
  return {
    name,
    async start(lab, namespace) {
      const state = join(lab.directory('probe'), 'flows.state');
      const own = ['--collector', `udp://127.0.0.1:${EXPORT_PORT}`, '--state', state];
      const started = lab.own(namespace.start(weirCommand('probe', ...own, ...options)));
      await started.output(/metering/i, 30);
      return started;
    },
  };
}

/** As it comes, and told to listen to ends alone. */
export const weir = probe('weir probe', []);
export const weirEnds = probe('weir probe, DESTROY events only', ['--tcp-events', 'false']);

/** ulogd2, conntrack events to IPFIX: the nearest peer. @param options of its NFCT plugin */
function ulogd2(name: string, options: string): Meter {
  return {
    name,
    async start(lab, namespace) {
      const file = join(lab.directory('ulogd'), 'ulogd.conf');
      writeFileSync(file, ulogdConfiguration(options));
      const started = lab.own(namespace.start(['ulogd', '-c', file]));
      await started.output(/building new pluginstance stack|initialization finished/i, 20);
      return started;
    },
  };
}

function ulogdConfiguration(options: string): string {
  // Where Debian keeps plugins depends on the architecture.
  const library = readdirSync('/usr/lib')
    .map(each => `/usr/lib/${each}/ulogd`)
    .find(existsSync);
  return `[global]
logfile="stdout"
loglevel=3
plugin="${library}/ulogd_inpflow_NFCT.so"
plugin="${library}/ulogd_output_IPFIX.so"
stack=ct1:NFCT,ipfix1:IPFIX
[ct1]
netlink_socket_buffer_size=8388608
netlink_socket_buffer_maxsize=16777216
${options}
[ipfix1]
oid=1
host="127.0.0.1"
port="${EXPORT_PORT}"
proto="udp"
`;
}

/** As it comes, and told to listen to ends alone, which is the least that it can do. */
export const ulogd = ulogd2('ulogd2', '');
export const ulogdEnds = ulogd2('ulogd2, DESTROY events only', 'hash_enable=0\nevent_mask=4');

/** softflowd and pmacctd read every packet of the interface. */
export const softflowd: Meter = {
  name: 'softflowd',
  async start(lab, namespace) {
    const control = join(lab.directory('softflowd'), 'control');
    const started = lab.own(
      namespace.start([
        'softflowd',
        '-d',
        '-i',
        'inside',
        '-v',
        '10',
        '-n',
        `127.0.0.1:${EXPORT_PORT}`,
        '-c',
        control,
        '-p',
        `${control}.pid`,
      ]),
    );
    await started.output(/starting data collection|listening/i, 10);
    return started;
  },
};

export const pmacctd: Meter = {
  name: 'pmacctd',
  async start(lab, namespace) {
    const file = join(lab.directory('pmacctd'), 'pmacctd.conf');
    writeFileSync(
      file,
      `daemonize: false\npcap_interface: inside\nplugins: nfprobe\nnfprobe_receiver: 127.0.0.1:${EXPORT_PORT}\nnfprobe_version: 10\naggregate: src_host,dst_host,src_port,dst_port,proto\n`,
    );
    const started = lab.own(namespace.start(['pmacctd', '-f', file]));
    await started.output(/nfprobe|Exporting flows/i, 10);
    return started;
  },
};
