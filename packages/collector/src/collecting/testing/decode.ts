// What `weir collect --listen URL` does before its store: receives, decodes, and makes blocks, in a directory for the time; the blocks are let go. Until SIGINT; then it tells how
// many Flow Records there were.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConfig } from '../../config/config.js';
import { parseListen } from '../../config/listen.js';
import { CollectingProcess } from '../process.js';

const say = (what: object): unknown => process.stdout.write(`${JSON.stringify(what)}\n`);

const directory = mkdtempSync(join(tmpdir(), 'weir-decode-'));
const { receiveBuffer, rawSpoolSize, receivers } = resolveConfig({});
let flowRecords = 0;
const collecting = await CollectingProcess.start(
  { listen: [parseListen(process.argv[2] ?? '')], receiveBuffer, rawSpoolSize, receivers, directory },
  {
    block: async ({ path, rows }) => {
      rmSync(path);
      flowRecords += rows;
    },
    sessions: () => true,
    told: async () => true,
    log: line => process.stderr.write(`${line}\n`),
    died: error => {
      throw error;
    },
  },
);

process.once('SIGINT', async () => {
  await collecting.stop();
  rmSync(directory, { recursive: true });
  say({ flowRecords });
});
say({ listening: collecting.listening });
