import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportPort, type Subject, subjects } from '@weir/lab';
import { sleep } from '../../../packages/lab/dist/run/wait.js';
import { endsBy } from '../../../packages/lab/dist/subjects/ending.js';

/** The program of `npm run build:router` for this machine. */
export const program = join(dirname(fileURLToPath(import.meta.url)), '../../../build/router/x86_64/weir-probe');

export const softflowd = subjects.get('softflowd')!;

/**
 * The probe for routers with the settings that it comes with.
 *
 * @param activeTimeout seconds: live connections are looked at so often
 * @param others settings, as UCI has them
 */
export function routerProbe(activeTimeout = 60, name = 'weir-probe', others: readonly string[] = []): Subject {
  return {
    name,
    meters: 'connections',
    needs: [],
    async start({ lab, namespace }) {
      const folder = lab.directory('weir-probe');
      const config = join(folder, 'weir');
      const settings = [
        `list collector 'udp://127.0.0.1:${exportPort}'`,
        `option active_timeout '${activeTimeout}'`,
        ...others,
      ];
      writeFileSync(config, `config probe 'main'\n${settings.map(line => `  ${line}\n`).join('')}`);
      for (const name of ['acct', 'events']) namespace.sysctl(`net.netfilter.nf_conntrack_${name}`, 1);
      const command = [program, '--config', config, '--run-directory', join(folder, 'run'), '--stderr'];
      const process = lab.own(namespace.start(command));
      await process.output(/metering/, 30);
      return endsBy(process, { signal: 'SIGTERM' });
    },
  };
}

/**
 * nlbwmon with the settings of its package for OpenWrt. It exports nothing: it keeps sums of hosts and protocols, and looks at live connections
 * each `refresh` seconds.
 */
export function nlbwmon(refresh = 30): Subject {
  return {
    name: 'nlbwmon',
    meters: 'connections',
    needs: ['nlbwmon'],
    async start({ lab, namespace }) {
      const folder = lab.directory('nlbwmon');
      const protocols = join(folder, 'protocols');
      writeFileSync(protocols, '6 443 HTTPS\n6 80 HTTP\n17 53 DNS\n');
      mkdirSync(join(folder, 'database'));
      namespace.sysctl('net.netfilter.nf_conntrack_acct', 1);
      const command = [
        'nlbwmon',
        '-o',
        join(folder, 'database'),
        '-p',
        protocols,
        '-s',
        '10.77.1.0/24',
        '-b',
        '524288',
      ];
      const rest = ['-i', '24h', '-r', `${refresh}s`, '-G', '10', '-I', '1', '-L', '10000'];
      const process = lab.own(namespace.start([...command, ...rest]));
      // It says nothing when it is ready.
      await sleep(1000);
      return endsBy(process, { signal: 'SIGTERM' });
    },
  };
}
