import Type from 'typebox';
import { exporterStatusSchema } from './exporters.js';
import { about, count, optional, time } from './parts.js';

export const statusSchema = Type.Object({
  version: Type.String(),
  now: time(),
  startedAt: time(),
  listening: Type.Array(Type.String(), about('transport URLs')),
  databases: Type.Array(
    Type.Object({
      topic: Type.Enum(['as', 'country']),
      source: Type.String(about('path of the file, or the package and its version')),
      credit: optional(Type.String(about('whom its licence asks to name; show it where its data are shown'))),
    }),
    about('what AS numbers and countries are looked up in'),
  ),
  store: Type.Object({
    url: Type.String(),
    healthy: Type.Boolean(),
    restarts: count('of the engine'),
    rows: count(),
    octetsOnDisk: count(),
    pendingBatches: count(),
  }),
  spool: Type.Object(
    {
      rawOctets: count('Messages that wait to be decoded'),
      blockOctets: count('blocks that wait for the engine'),
      problem: optional(Type.String(about('why the disk takes nothing now'))),
    },
    about('what waits on disk'),
  ),
  dropped: Type.Object(
    {
      records: count('Flow Records that the store did not take'),
      datagrams: count(
        'at a full receive buffer or raw spool, or of more senders than it keeps sessions for; their records show as lostRecords too',
      ),
    },
    about('what this collector itself had to drop since its start'),
  ),
  halves: optional(
    Type.Object(
      {
        joined: count('pairs that were stored as one Biflow'),
        alone: count('halves stored as they came, because the other did not come in time'),
        early: count('halves stored as they came before their time, because too many waited or names of hosts changed'),
        waiting: count('halves that wait now'),
      },
      about('Flow Records of one direction, where they are joined (join-halves)'),
    ),
  ),
  exporters: Type.Array(exporterStatusSchema),
});
