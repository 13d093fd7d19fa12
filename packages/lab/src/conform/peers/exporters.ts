import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../namespaces/lab.js';
import type { Namespace } from '../../namespaces/namespace.js';
import type { LabProcess } from '../../run/process.js';
import { ulogdConfiguration } from '../../subjects/ulogd2.js';
import { weirCommand } from '../../weir/weir.js';
import type { TransportAddress } from '../address.js';
import type { Transport } from '../case.js';

/** An exporter that the lab can start on the router of a small network. Settings are its own but for timeouts, which a run shortens. */
export interface ExporterPeer {
  readonly name: string;
  readonly transports: readonly Transport[];
  readonly versionCommand: readonly string[];
  /** Starts it and waits until it meters. */
  start(lab: Lab, router: Namespace, to: TransportAddress): Promise<LabProcess>;
}

const weir: ExporterPeer = {
  name: 'weir',
  transports: ['udp', 'tcp'],
  versionCommand: weirCommand('--version'),
  async start(lab, router, { transport, host, port }) {
    const folder = lab.directory('probe');
    const own = ['--collector', `${transport}://${host}:${port}`, '--state', join(folder, 'state'), '--spool', 'none'];
    const started = lab.own(router.start(weirCommand('probe', ...own, '--mend', 'true', '--active-timeout', '5')));
    await started.output(/metering/i, 30);
    return started;
  },
};

const softflowd: ExporterPeer = {
  name: 'softflowd',
  transports: ['udp'],
  versionCommand: ['softflowd', '-h'],
  async start(lab, router, { host, port }) {
    const control = join(lab.directory('softflowd'), 'control');
    const timeouts = ['tcp=3', 'tcp.fin=2', 'tcp.rst=2', 'udp=3', 'icmp=3', 'general=3', 'expint=1'];
    const options = ['-d', '-i', 'inside', '-v', '10', '-n', `${host}:${port}`, '-c', control, '-p', `${control}.pid`];
    const started = lab.own(router.start(['softflowd', ...options, ...timeouts.flatMap(each => ['-t', each])]));
    await started.output(/starting data collection|listening/i, 10);
    return started;
  },
};

const ulogd2: ExporterPeer = {
  name: 'ulogd2',
  transports: ['udp', 'tcp'],
  versionCommand: ['ulogd', '-V'],
  async start(lab, router, to) {
    router.sysctl('net.netfilter.nf_conntrack_acct', 1);
    router.sysctl('net.netfilter.nf_conntrack_timestamp', 1);
    const file = join(lab.directory('ulogd'), 'ulogd.conf');
    writeFileSync(file, ulogdConfiguration(to));
    const started = lab.own(router.start(['ulogd', '-c', file]));
    await started.output(/building new pluginstance stack|initialization finished/i, 20);
    return started;
  },
};

const pmacctd: ExporterPeer = {
  name: 'pmacctd',
  transports: ['udp'],
  versionCommand: ['pmacctd', '-V'],
  async start(lab, router, { host, port }) {
    const file = join(lab.directory('pmacctd'), 'pmacctd.conf');
    const configuration = [
      'daemonize: false',
      'pcap_interface: inside',
      'plugins: nfprobe',
      `nfprobe_receiver: ${host}:${port}`,
      'nfprobe_version: 10',
      'nfprobe_timeouts: tcp=3:tcp.rst=2:tcp.fin=2:udp=3:icmp=3:general=3:maxlife=10:expint=1',
      'aggregate: src_host,dst_host,src_port,dst_port,proto',
    ];
    writeFileSync(file, `${configuration.join('\n')}\n`);
    const started = lab.own(router.start(['pmacctd', '-f', file]));
    await started.output(/nfprobe|Exporting flows/i, 10);
    return started;
  },
};

export const exporterPeers: readonly ExporterPeer[] = [weir, softflowd, ulogd2, pmacctd];
