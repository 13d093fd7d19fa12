import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endsBy } from './ending.js';
import { exportPort, type Subject } from './subject.js';

/** Packets wait for each other in its buffers; what has not reached its plugin by the end is not exported. */
const SETTLE_MILLISECONDS = 2000;

/** Reads every packet of the link; its nfprobe plugin, a process of its own, keeps the flows. */
export const pmacctd: Subject = {
  name: 'pmacctd',
  meters: 'packets',
  needs: ['pmacctd'],
  async start({ lab, namespace, link, activeTimeout }) {
    const file = join(lab.directory('pmacctd'), 'pmacctd.conf');
    writeFileSync(file, configuration(link, activeTimeout));
    const process = lab.own(namespace.start(['pmacctd', '-f', file]));
    await process.output(/nfprobe|Exporting flows/i, 10);
    return endsBy(process, { signal: 'SIGINT', settle: SETTLE_MILLISECONDS });
  },
};

// The buffers between core and plugin are those of its documentation for much traffic: with the defaults it loses packets.
function configuration(link: string, activeTimeout: number): string {
  return `daemonize: false
pcap_interface: ${link}
plugins: nfprobe
plugin_pipe_size: 67108864
plugin_buffer_size: 10240
nfprobe_receiver: 127.0.0.1:${exportPort}
nfprobe_version: 10
nfprobe_maxflows: 1000000
nfprobe_timeouts: maxlife=${activeTimeout}:expint=1
aggregate: src_host, dst_host, src_port, dst_port, proto, tos, tcpflags
`;
}
