import type { StandInUbus } from './ubus.js';

interface State {
  readonly enabled?: boolean;
  /** The collector is not reachable. */
  readonly away?: boolean;
  /** How long all goes on already. */
  readonly seconds?: number;
}

/** A router with three connections, whose probe has run for a while: one connection is fast, the others are slow. */
export function fillRouter(ubus: StandInUbus, { enabled = true, away = false, seconds = 0 }: State = {}): void {
  const connection = (layer3: string, layer4: string, ends: [string, number, string, number], bytes: number) => {
    const [src, sport, dst, dport] = ends;
    return { layer3, layer4, src, sport, dst, dport, bytes, packets: Math.ceil(bytes / 900) };
  };
  ubus.connections = [
    connection('ipv4', 'tcp', ['10.1.2.3', 51_000, '198.51.100.7', 443], 48_000_000 + 2000 * seconds),
    connection('ipv6', 'udp', ['2001:db8::5', 40_000, '2001:db8:f::1', 443], 1_000_000 + 200_000 * seconds),
    connection('ipv4', 'udp', ['10.1.2.9', 5353, '198.51.100.53', 53], 140),
  ];
  ubus.services = { 'weir-probe': { instances: enabled ? { probe: { running: true, pid: 1234 } } : {} } };
  ubus.files.set('/var/run/weir/status.json', JSON.stringify(status(seconds, away)));
  ubus.files.set('/proc/sys/net/netfilter/nf_conntrack_acct', '1\n');
  ubus.files.set('/proc/sys/net/netfilter/nf_conntrack_events', '1\n');
  ubus.files.set(
    '/proc/modules',
    'nf_conntrack_netlink 40960 0 - Live 0x00000000\nnf_conntrack 98304 1 - Live 0x00000000\n',
  );
  ubus.uci.set('firewall', new Map([['cfg1', { '.name': 'cfg1', '.type': 'defaults', flow_offloading: '0' }]]));
  const main = { '.name': 'main', '.type': 'probe', enabled: enabled ? '1' : '0', domain: '3203334186' };
  ubus.uci.set('weir', new Map([['main', { ...main, collector: ['udp://192.0.2.1:4739'] }]]));
}

/** As the probe writes it. */
function status(seconds: number, away: boolean): object {
  const records = 9000 + 4 * seconds;
  const octets = 720_000 + 500 * seconds;
  return {
    time: 1_772_000_000_000 + 1000 * seconds,
    ...{ exportedFlowRecordTotalCount: records, exportedMessageTotalCount: 700, exportedOctetTotalCount: octets },
    ...{ notSentFlowTotalCount: 0, observedFlowTotalCount: 8700, lostEventTotalCount: 0, unsentRecordTotalCount: 0 },
    ...{ conntrackEntryCount: 3, maxSessionEntries: 16_384, flowTableEntryCount: 3, flowTableCapacity: 16_384 },
    ...{ flowTableOverflowTotalCount: 0, counterResetTotalCount: 0 },
    collectors: [{ url: 'udp://192.0.2.1:4739', away, flowRecords: records, octets, unsentRecords: 0 }],
  };
}
