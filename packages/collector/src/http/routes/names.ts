import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import type { Names } from '../types.js';

const parameters = Type.Object({
  as: Type.String({
    pattern: '^([0-9]{1,10}(,[0-9]{1,10})*)?$',
    maxLength: 20_000,
    description: 'AS numbers, separated by commas',
  }),
});

/** GET /api/v1/names */
export function namesRoute(app: FastifyInstance, { asNames }: ApiContext): void {
  const description = 'Names of autonomous systems';
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/names',
    {
      schema: { operationId: 'names', description, querystring: parameters, response: json('Names', description) },
    },
    async ({ query }): Promise<Names> => {
      const asked = query.as.split(',').filter(text => text !== '');
      const known = asked.map(text => [text, asNames.get(Number(text))] as const);
      return { as: Object.fromEntries(known.filter((pair): pair is [string, string] => pair[1] !== undefined)) };
    },
  );
}
