import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Store } from '../../store/client.js';
import { ipfixFile } from '../../store/export/ipfix-file.js';
import { parquetFile } from '../../store/export/parquet.js';
import { records, type Selection } from '../../store/queries.js';
import { sendChunks } from '../chunks.js';
import type { ApiContext } from '../context.js';
import { sendLines } from '../ndjson.js';
import { octets } from '../openapi.js';
import { selectionOf, selectionParameters } from '../parameters.js';

const types = {
  ipfix: 'application/ipfix',
  parquet: 'application/vnd.apache.parquet',
  ndjson: 'application/x-ndjson',
} as const;

const parameters = Type.Object({
  ...selectionParameters,
  format: Type.Enum(['ipfix', 'parquet', 'ndjson'], { description: 'what the file is' }),
  limit: Type.Optional(Type.Integer({ minimum: 1, description: 'default: all' })),
});

/** GET /api/v1/export: Flow Records as a file. An answer that breaks off is no whole file. */
export function exportRoute(app: FastifyInstance, { store }: ApiContext): void {
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/export',
    {
      schema: {
        operationId: 'export',
        description: 'Flow Records as a file, earliest end first',
        querystring: parameters,
        response: octets({
          [types.ipfix]: 'an IPFIX File (RFC 5655)',
          [types.parquet]: 'a Parquet file, a column for each Information Element',
          [types.ndjson]: 'one JSON object a line, as of /api/v1/records',
        }),
      },
    },
    async ({ query: { format, limit, ...query } }, reply) => {
      const selection = selectionOf(query, Date.now());
      reply.header('content-disposition', `attachment; filename="flows.${format}"`);
      if (format === 'ndjson') return sendLines(reply, records(store, selection, limit));
      return sendChunks(reply.type(types[format]), fileOf(format, store, selection, limit));
    },
  );
}

function fileOf(
  format: 'ipfix' | 'parquet',
  store: Store,
  selection: Selection,
  limit: number | undefined,
): AsyncGenerator<Uint8Array> {
  return format === 'ipfix' ? ipfixFile(store, selection, limit) : parquetFile(store, selection, limit);
}
