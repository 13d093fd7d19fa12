import { ExportCapture } from '../subjects/capture.js';
import { pmacctd } from '../subjects/pmacctd.js';
import { softflowd } from '../subjects/softflowd.js';
import { ulogd2Subject } from '../subjects/ulogd2.js';
import { weirSubject } from '../subjects/weir.js';
import { burstCase } from './burst.js';
import { connectionsCase } from './connections.js';
import type { Result } from './harness.js';
import { runInNetwork } from './network.js';
import { transferCase } from './transfer.js';

/** Those that hear of connections: as they come, and told to listen to ends alone, which is the least that they can do. */
const weir = weirSubject('weir probe');
const weirEnds = weirSubject('weir probe, DESTROY events only', ['--tcp-events', 'false']);
const ulogd2 = ulogd2Subject('ulogd2');
const ulogd2Ends = ulogd2Subject('ulogd2, DESTROY events only', 'hash_enable=0\nevent_mask=4');

/** The probe beside its peers. */
export function exportersBench(bench: string): AsyncGenerator<Result[]> {
  const needs = [...ExportCapture.needs, ...[ulogd2, softflowd, pmacctd].flatMap(each => each.needs), 'iperf3'];
  return runInNetwork(bench, needs, [
    bed => burstCase(bed, [weir, ulogd2, ulogd2Ends, softflowd, pmacctd]),
    bed => connectionsCase(bed, [weir, weirEnds, ulogd2, ulogd2Ends, softflowd, pmacctd]),
    bed => transferCase(bed, [weir, ulogd2, softflowd, pmacctd]),
  ]);
}
