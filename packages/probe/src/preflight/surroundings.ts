import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { type Finding, note, ok } from './finding.js';
import { readNumber } from './kernel-files.js';

const IPV4_INTERFACES = '/proc/sys/net/ipv4/conf';
const STRICT = 1;
/** What a collector on this host asks for its receive buffer at least. */
const RECEIVE_BUFFER = 2_097_152;

/** Frames that a bridge forwards from port to port are not routed, and tracked only where a module hands them to netfilter. */
export function checkBridges(): Finding {
  const list = spawnSync('ip', ['-j', 'link', 'show', 'type', 'bridge'], { encoding: 'utf8' });
  if (list.status !== 0)
    return note('bridges', 'bridges were not looked at', 'install iproute2 to have them looked at');
  const names = (JSON.parse(list.stdout || '[]') as { ifname?: string }[]).flatMap(({ ifname }) => ifname ?? []);
  if (names.length === 0) return ok('bridges', 'there is no bridge');
  if (readNumber('/proc/sys/net/bridge/bridge-nf-call-iptables') === 1) {
    return ok('bridges', `what the bridge ${names.join(', ')} forwards is tracked (bridge-nf-call-iptables)`);
  }
  return note(
    'bridges',
    `there is a bridge: ${names.join(', ')}`,
    'what it forwards between its ports is not metered; what is routed into or out of it is',
    'modprobe br_netfilter, if that traffic is to be metered too',
  );
}

/** A packet that the strict filter drops is neither tracked nor counted. */
export function checkReversePath(): Finding {
  const all = strictness('all');
  const interfaces = readdirSync(IPV4_INTERFACES).filter(name => name !== 'all' && name !== 'default' && name !== 'lo');
  // The kernel takes the larger of the two (Documentation/networking/ip-sysctl.rst, rp_filter).
  const strict = interfaces.filter(name => Math.max(all, strictness(name)) === STRICT);
  if (strict.length === 0) return ok('reverse-path', 'no interface drops packets by a strict reverse path filter');
  return note(
    'reverse-path',
    `the reverse path filter is strict on ${strict.join(', ')}`,
    'where ways there and back differ, packets are dropped before they are metered',
  );
}

function strictness(name: string): number {
  return readNumber(`${IPV4_INTERFACES}/${name}/rp_filter`) ?? 0;
}

/** The probe's own sockets go beyond the limit (SO_RCVBUFFORCE); a collector without privilege does not. */
export function checkReceiveBuffers(): Finding {
  const limit = readNumber('/proc/sys/net/core/rmem_max');
  if (limit === undefined) return ok('receive-buffer', 'the limit of receive buffers is that of the host');
  if (limit >= RECEIVE_BUFFER) return ok('receive-buffer', `receive buffers may have ${limit} octets`);
  return note(
    'receive-buffer',
    `receive buffers may have ${limit} octets only`,
    'a collector on this host that has no CAP_NET_ADMIN may lose Messages in a burst',
    `sysctl -w net.core.rmem_max=${4 * RECEIVE_BUFFER}`,
  );
}
