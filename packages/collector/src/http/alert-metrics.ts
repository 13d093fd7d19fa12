import type { ChannelStatus } from '../alerting/channel.js';
import type { ApiContext } from './context.js';
import { family, type Labels } from './prometheus.js';

type Row = readonly [name: string, type: 'counter' | 'gauge', help: string, of: (channel: ChannelStatus) => number];

const rows: readonly Row[] = [
  ['messages_total', 'counter', 'Messages that the receiver of a channel has taken', c => c.counters.sent],
  ['failures_total', 'counter', 'Messages that it has not taken; what they told is told later', c => c.counters.failed],
  [
    'dropped_events_total',
    'counter',
    'Events that there was no room for, told by their number',
    c => c.counters.dropped,
  ],
  ['muted_events_total', 'counter', 'Events that came and went while they were muted', c => c.counters.muted],
  ['waiting_events', 'gauge', 'Events of which there is something to tell', c => c.waiting],
  ['working', 'gauge', '1 unless the last message was not taken', c => (c.problem === undefined ? 1 : 0)],
];

/** What has become of alerts, by channel. */
export function alertMetrics({ alerting }: ApiContext): string[] {
  const channels = alerting.channels(Date.now());
  if (channels.length === 0) return [];
  return rows.map(([name, type, help, of]) =>
    family(
      `alert_${name}`,
      type,
      help,
      channels.map((channel): [Labels, number] => [{ channel: channel.name }, of(channel)]),
    ),
  );
}
