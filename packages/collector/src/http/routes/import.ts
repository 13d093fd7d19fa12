import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { AlreadyImported } from '../../importing/importer.js';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import { json } from '../openapi.js';

const parameters = Type.Object({
  name: Type.String({ maxLength: 4096, default: 'the file', description: 'of the file, for people' }),
  digest: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 of the file in hexadecimal, by which the store knows it again',
    }),
  ),
  again: Type.Boolean({ default: false, description: 'take it though the store has it' }),
  exporter: Type.String({
    pattern: '^[0-9A-Fa-f:.]{2,45}$',
    default: '0.0.0.0',
    description: 'address of the exporter, where the file does not tell: captures do',
  }),
});

/** POST /api/v1/import: takes a file into the store. */
export function importRoute(app: FastifyInstance, { importer }: ApiContext): void {
  const description = 'Take an IPFIX File, a capture (pcap, pcapng) or raw datagrams into the store';
  // As they come: a file may be larger than memory.
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  app.post<{ Querystring: Static<typeof parameters>; Body: unknown }>(
    '/api/v1/import',
    {
      schema: {
        operationId: 'import',
        description,
        querystring: parameters,
        consumes: ['application/octet-stream'],
        response: json('ImportResult', 'the file is in the store', {
          409: 'the store has the file already; `again` takes it once more',
        }),
      },
    },
    async ({ query: { name, digest, again, exporter }, body }) => {
      if (!(body instanceof Readable))
        throw new RequestError(400, 'the file is to be the body: application/octet-stream');
      if (isIP(exporter) === 0) throw new RequestError(400, `exporter: "${exporter}" is no address`);
      try {
        return await importer.take(body, { name, digest, again, exporter });
      } catch (error) {
        if (error instanceof AlreadyImported) throw new RequestError(409, error.message);
        throw error;
      }
    },
  );
}
