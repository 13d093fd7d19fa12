import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MapSettings } from '../../config/options/map.js';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import { octets } from '../openapi.js';
import type { Topologies } from '../types.js';

const TILES = 'api/v1/mesh/tiles';
const IMAGE = 'api/v1/mesh/image';
const config = { isOfMap: 'file' } as const;

/** The base map as pages are told of it. */
export function baseOf({ mapTiles, mapAttribution, mapImage }: MapSettings): Topologies['map'] {
  const tiles = mapTiles === undefined ? undefined : { kind: mapTiles.kind, url: mapTiles.url ?? TILES };
  return {
    ...(tiles === undefined ? {} : { tiles }),
    ...(mapAttribution === undefined ? {} : { attribution: mapAttribution }),
    ...(mapImage === undefined ? {} : { image: { url: IMAGE, ...edgesOf(mapImage) } }),
  };
}

function edgesOf({ north, west, south, east }: NonNullable<MapSettings['mapImage']>) {
  return { north, west, south, east };
}

/** GET /api/v1/mesh/tiles and /mesh/image: the files of the base map that are here. */
export function meshBaseRoutes(app: FastifyInstance, { mesh: { settings } }: ApiContext): void {
  const { mapTiles, mapImage } = settings;
  const response = octets({ 'application/vnd.pmtiles': 'the file, or the part of it that the header Range names' });
  app.get(
    '/api/v1/mesh/tiles',
    {
      config,
      schema: { operationId: 'meshTiles', description: 'The .pmtiles file of the option map-tiles', response },
    },
    async (request, reply) => sendFile(request, reply, mapTiles?.file, 'application/vnd.pmtiles'),
  );
  const picture = octets({ 'image/png': 'the picture, or one in another format' });
  app.get(
    '/api/v1/mesh/image',
    {
      config,
      schema: { operationId: 'meshImage', description: 'The picture of the option map-image', response: picture },
    },
    async (request, reply) => sendFile(request, reply, mapImage?.file, mapImage?.type ?? ''),
  );
}

async function sendFile(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  file: string | undefined,
  type: string,
): Promise<FastifyReply> {
  if (file === undefined) throw new RequestError(404, 'no such file is set');
  const { size, mtimeMs } = await stat(file).catch((error: Error) => {
    throw new RequestError(404, `the file that is set cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  });
  reply
    .type(type)
    .header('accept-ranges', 'bytes')
    .header('etag', `"${size}-${Math.floor(mtimeMs)}"`);
  const range = rangeOf(headers.range, size);
  if (range === undefined) return reply.header('content-length', size).send(createReadStream(file));
  if (range === 'none') throw new RequestError(416, 'the file is shorter', { 'content-range': `bytes */${size}` });
  const { start, end } = range;
  reply
    .code(206)
    .header('content-range', `bytes ${start}-${end}/${size}`)
    .header('content-length', end - start + 1);
  return reply.send(createReadStream(file, { start, end }));
}

/** One range of octets (RFC 9110 section 14.1.2). What is none, or several, means all: undefined. */
function rangeOf(text: string | undefined, size: number): { start: number; end: number } | 'none' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(text ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && first !== '' && Number(last) < start) return undefined;
  return start < size ? { start, end } : 'none';
}
