import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianKernel, EmulatedMachine, noMachine } from '@weir/lab';
import { expect, test } from 'vitest';
import { makeDebianPackage } from './debian.js';
import { documentedDropIn } from './testing/drop-in.js';
import { put, systemWith } from './testing/kernel-machine.js';

/** Of linux/capability.h. */
const [CAP_NET_ADMIN, CAP_SYS_ADMIN] = [1n << 12n, 1n << 21n];
const MINUTES = 25;

const SEND = "const s = require('dgram').createSocket('udp4'); s.send('x', 9001, '127.0.0.1', () => s.close())";
const READ = "weir read --format json --filter 'dst port 9001'";

const ORDER = `set -x
cat /proc/$(systemctl show -P MainPID weir-probe)/status > $RESULTS/process
systemd-analyze security --no-pager > $RESULTS/security
node -e "${SEND}"
sleep 3
systemctl stop weir-probe
${READ} /var/lib/weir-probe/flows.ipfix > $RESULTS/records
ip netns add guests
ip netns exec guests ip link set lo up
printf 'namespace:\\n  - self\\n  - guests=20\\n' >> /etc/weir-probe/weir.yaml
cp /namespaces.conf /etc/systemd/system/weir-probe.service.d/
systemctl daemon-reload
systemctl start weir-probe
ip netns exec guests node -e "${SEND}"
sleep 3
systemctl stop weir-probe
${READ} /var/lib/weir-probe/flows-20.ipfix > $RESULTS/guests
journalctl -u weir-probe --no-pager -o cat > $RESULTS/journal
`;

const skip = noMachine();
if (skip !== undefined) console.log(`skipped: the kernel meter as a service: ${skip}`);

test.skipIf(skip !== undefined)(
  'with the drop-ins that the documentation has, the service meters by the kernel meter, and other namespaces',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-kernel-meter-'));
    const root = join(folder, 'root');
    const layOut = await systemWith(makeDebianPackage('weir-probe', { folder }), root);
    put(root, 'weir-probe.service.d/kernel-meter.conf', documentedDropIn('The kernel meter'));
    writeFileSync(join(root, 'namespaces.conf'), documentedDropIn('Other network namespaces'));
    const settings = join(root, 'etc/weir-probe/weir.yaml');
    const text = readFileSync(settings, 'utf8').replace('udp://127.0.0.1:4739', 'file:/var/lib/weir-probe/flows.ipfix');
    writeFileSync(settings, text);
    const machine = new EmulatedMachine(await debianKernel('bookworm'), layOut);
    try {
      const { results, output } = await machine.carryOut(ORDER, MINUTES * 60);
      expect(results.get('journal'), output.slice(-4000)).toContain('weir: source: the kernel meter');
      const capabilities = /^CapEff:\s*(\w+)/m.exec(results.get('process')!)![1];
      expect(BigInt(`0x${capabilities}`)).toBe(CAP_NET_ADMIN | CAP_SYS_ADMIN);
      expect(results.get('process')).toMatch(/^Seccomp:\s*2$/m);
      expect(results.get('security')).toMatch(/^weir-probe\.service\s+2\.\d/m);
      for (const name of ['records', 'guests']) {
        const [{ record }] = results
          .get(name)!
          .trim()
          .split('\n')
          .map(line => JSON.parse(line)) as [{ record: object }];
        // An IPv4 packet of one octet over UDP: without accounting there are none.
        expect(record, results.get('journal')).toMatchObject({ destinationTransportPort: 9001, octetDeltaCount: 29 });
      }
    } finally {
      machine.close();
      rmSync(folder, { recursive: true });
    }
  },
  (MINUTES + 5) * 60_000,
);
