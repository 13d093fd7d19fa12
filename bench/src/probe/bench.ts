import { Lab, missing, raiseTableLimit, untrackedLoopback } from '@weir/lab';
import { type Result, runTrials } from '../harness.js';
import { burstCase } from './burst.js';
import { startListener } from './subjects.js';
import { transferCase } from './transfer.js';

/** Needs root, and the peers that it compares with. */
export async function* probeBench(): AsyncGenerator<Result[]> {
  if (missing(['dumpcap', 'ulogd', 'softflowd', 'pmacctd', 'iperf3']) !== undefined) return;
  const lab = new Lab();
  try {
    lab.later(raiseTableLimit(400_000));
    const net = lab.topology();
    net.router.nft(untrackedLoopback);
    await startListener(lab, net.router);
    yield await runTrials('probe', burstCase(lab, net));
    yield await runTrials('probe', transferCase(lab, net));
  } finally {
    for (const left of await lab.close()) process.stderr.write(`bench: left behind: ${left}\n`);
  }
}
