import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { untilQuiet } from '../run/quiet.js';
import type { Collector } from './collector.js';
import { endInOrder } from './ending.js';
import { exportPort } from './subject.js';

/** Of pmacct, with its print plugin: sums by Flow Key in memory, written to a file. A cache that is full is written early. */
export const nfacctd: Collector = {
  name: 'nfacctd',
  needs: ['nfacctd'],
  async start(lab, namespace) {
    const folder = lab.directory('nfacctd');
    const file = join(folder, 'nfacctd.conf');
    writeFileSync(file, configuration(join(folder, 'flows.csv')));
    const process = lab.own(namespace.start(['nfacctd', '-f', file]));
    await process.output(/waiting for .* data/i, 10);
    return {
      process,
      async stop() {
        // What its plugin has not read of the pipe by the end is lost.
        await untilQuiet(process.pid);
        await endInOrder(process, { signal: 'SIGINT' });
        const counted = count(folder);
        rmSync(folder, { recursive: true });
        return counted;
      },
    };
  },
};

// With a pipe of 64 MiB and a cache of a million entries it kept a twentieth of 500,000 records, and said nothing of it.
function configuration(output: string): string {
  return `daemonize: false
nfacctd_ip: 127.0.0.1
nfacctd_port: ${exportPort}
nfacctd_pipe_size: 67108864
plugins: print
plugin_pipe_size: 268435456
plugin_buffer_size: 10240
print_output: csv
print_output_file: ${output}
print_output_file_append: true
print_refresh_time: 60
print_cache_entries: 65537
aggregate: src_host, dst_host, src_port, dst_port, proto
`;
}

/** Columns are as `aggregate` says, then packets and octets; a heading begins each time it writes. */
function count(folder: string): { flowRecords: number; octets: number } {
  let flowRecords = 0;
  let octets = 0;
  for (const name of readdirSync(folder).filter(each => each.endsWith('.csv'))) {
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      const last = Number(line.slice(line.lastIndexOf(',') + 1));
      if (line === '' || Number.isNaN(last)) continue;
      flowRecords++;
      octets += last;
    }
  }
  return { flowRecords, octets };
}
