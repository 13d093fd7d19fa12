import { run } from '../run/command.js';

const complaints = ['_ws.malformed', '_ws.expert', 'cflow.no_template_found', 'cflow.unexpected_sequence_number'];

/**
 * How many datagrams to `port` in the capture tshark complains of: malformed, with data before their Template, with a sequence number that
 * does not follow, or with any other remark of its experts.
 */
export function malformedDatagrams(capture: string, port: number): number {
  const filter = `udp.dstport == ${port} && (${complaints.join(' || ')})`;
  const dissected = ['-d', `udp.port==${port},cflow`, '-Y', filter, '-T', 'fields', '-e', 'frame.number'];
  const lines = run(['tshark', '-n', '-r', capture, ...dissected], 300).split('\n');
  return lines.filter(line => line !== '').length;
}
