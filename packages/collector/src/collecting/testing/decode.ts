// What `weir collect --listen URL` does before its store: receives, decodes, and makes blocks, which are let go. Until SIGINT; then it tells how
// many Flow Records there were.
import { parseListen } from '../../config/listen.js';
import { CollectingProcess } from '../process.js';

const say = (what: object): unknown => process.stdout.write(`${JSON.stringify(what)}\n`);

let flowRecords = 0;
const collecting = await CollectingProcess.start(
  { listen: [parseListen(process.argv[2] ?? '')], receiveBuffer: 64 * 1024 * 1024 },
  {
    batch: async ({ rows }) => {
      flowRecords += rows;
    },
    sessions: () => {},
    log: line => process.stderr.write(`${line}\n`),
    died: error => {
      throw error;
    },
  },
);

process.once('SIGINT', async () => {
  await collecting.stop();
  say({ flowRecords });
});
say({ listening: collecting.listening });
