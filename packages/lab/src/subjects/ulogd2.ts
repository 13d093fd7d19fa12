import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { switchOnAccounting } from './accounting.js';
import { endInOrder } from './ending.js';
import { exportPort, type Subject } from './subject.js';

/** For the events that it has not read yet. */
const SETTLE_MILLISECONDS = 1000;

/**
 * Conntrack events to IPFIX. Knows no active timeout. Its IPFIX plugin sends a Message when the next record does not fit, and frees the last
 * one unsent when it ends (ipfix_stop in ulogd_output_IPFIX.c): up to 14 records that no order of ending would bring out.
 * @param options of its NFCT plugin
 */
export function ulogd2Subject(name: string, options = ''): Subject {
  return {
    name,
    meters: 'connections',
    needs: ['ulogd'],
    async start({ lab, namespace }) {
      const file = join(lab.directory('ulogd'), 'ulogd.conf');
      const to = { transport: 'udp', host: '127.0.0.1', port: exportPort };
      writeFileSync(file, ulogdConfiguration(to, `${buffers}\n${options}`));
      const restore = switchOnAccounting(namespace);
      const process = lab.own(namespace.start(['ulogd', '-c', file]));
      await process.output(/building new pluginstance stack|initialization finished/i, 20);
      return {
        process,
        async stop() {
          await endInOrder(process, { signal: 'SIGTERM', settle: SETTLE_MILLISECONDS });
          restore();
        },
      };
    },
  };
}

const buffers = 'netlink_socket_buffer_size=8388608\nnetlink_socket_buffer_maxsize=16777216';

/** Its configuration. @param options of its NFCT plugin */
export function ulogdConfiguration(to: { transport: string; host: string; port: number }, options = ''): string {
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
${options}
[ipfix1]
oid=1
host="${to.host}"
port="${to.port}"
proto="${to.transport}"
`;
}
