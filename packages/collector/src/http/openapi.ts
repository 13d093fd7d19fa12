import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { type Name, named } from './answers/named.js';

/** Options of the description. OpenAPI 3.1: its schemas are JSON Schema, as ours are. */
export function descriptionOptions(version: string): FastifyDynamicSwaggerOptions {
  const description = 'Flow Records collected by IPFIX. Times are milliseconds since the epoch, rates per second.';
  const token = { type: 'http', scheme: 'bearer', description: 'of an operator' } as const;
  const session = { type: 'apiKey', in: 'cookie', name: 'weir-session', description: 'of /api/v1/login' } as const;
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Weir',
        version,
        description,
        license: { name: 'GPL-2.0-or-later', identifier: 'GPL-2.0-or-later' },
      },
      components: { securitySchemes: { token, session } },
      // Or nothing: on loopback everybody may look.
      security: [{ token: [] }, { session: [] }, {}],
    },
    refResolver: { buildLocalReference: (schema, _base, _fragment, i) => String(schema.$id ?? `schema${i}`) },
  };
}

/**
 * Makes the schemas known by their names. Answers are written as they are: the schemas describe them, and tests hold them to the
 * schemas.
 */
export function addSchemas(app: FastifyInstance): void {
  for (const [name, schema] of Object.entries(named)) app.addSchema({ ...schema, $id: name });
  app.setSerializerCompiler(() => data => JSON.stringify(data));
}

const errors = {
  400: answerOf('application/json', 'ErrorResponse', 'the request means nothing, or asks for more than it may have'),
  401: answerOf('application/json', 'ErrorResponse', 'a token or a login is needed'),
  403: answerOf(
    'application/json',
    'ErrorResponse',
    'the collector answers to this machine only, or the asker may look only',
  ),
  500: answerOf('application/json', 'ErrorResponse', 'the collector failed to answer'),
  503: answerOf('application/json', 'ErrorResponse', 'not now; ask again in a moment'),
};

/** Answers of a route that gives one JSON value. */
export function json(
  name: Name,
  description: string,
  otherErrors: Readonly<Record<number, string>> = {},
): Record<number, unknown> {
  const others = Object.entries(otherErrors).map(([status, why]) => [
    status,
    answerOf('application/json', 'ErrorResponse', why),
  ]);
  return { 200: answerOf('application/json', name, description), ...errors, ...Object.fromEntries(others) };
}

/** Answers of a route that gives one JSON object a line. An answer that breaks off has lines missing. */
export function jsonLines(name: Name, description: string): Record<number, unknown> {
  return {
    200: answerOf('application/x-ndjson', name, `${description}; one JSON object a line: the schema is that of a line`),
    ...errors,
  };
}

/** The header of an answer that is an estimate. */
export const ESTIMATE_HEADER = 'weir-estimate';

/** Answers that may be estimates. */
export function estimable(answers: Record<number, unknown>): Record<number, unknown> {
  const description =
    'of an estimate only: the relative standard error of its sums; of two in three answers the exact ones are no further away. Of groups and Flows, that of one of them, on average over their octets';
  const headers = { [ESTIMATE_HEADER]: { type: 'number', minimum: 0, description } };
  return { ...answers, 200: { ...(answers[200] as object), headers } };
}

/** Answers of a route that gives server-sent events without end. */
export function events(name: Name, description: string): Record<number, unknown> {
  return { 200: answerOf('text/event-stream', name, `${description}: the schema is that of an event`), ...errors };
}

/** Answers of a route that gives octets. */
export function octets(types: Readonly<Record<string, string>>): Record<number, unknown> {
  const content = Object.entries(types).map(([type, description]) => [
    type,
    { schema: { type: 'string', contentMediaType: type, description } },
  ]);
  return { 200: { description: 'a file', content: Object.fromEntries(content) }, ...errors };
}

/** Answers of a route that gives a JSON object which is described elsewhere. */
export function anyObject(description: string): Record<number, unknown> {
  return {
    200: { description, content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } } },
    ...errors,
  };
}

function answerOf(type: string, name: Name, description: string) {
  return { description, content: { [type]: { schema: { $ref: `${name}#` } } } };
}
