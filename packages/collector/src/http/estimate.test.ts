import fastify from 'fastify';
import { expect, test } from 'vitest';
import { sayEstimate, selectionOf } from './parameters.js';

test('an answer says that it is an estimate only where it was asked for and made', async () => {
  const app = fastify();
  app.get<{ Querystring: { asked?: string; error?: string } }>('/', async ({ query }, reply) => {
    const selection = selectionOf({ estimate: query.asked !== undefined }, 0);
    if (query.error !== undefined) selection.estimate?.tell(Number(query.error));
    sayEstimate(reply, selection);
    return {};
  });
  const headerOf = async (url: string) => (await app.inject({ url })).headers['weir-estimate'];
  expect(await headerOf('/')).toBeUndefined();
  expect(await headerOf('/?error=0.5')).toBeUndefined();
  expect(await headerOf('/?asked')).toBeUndefined();
  expect(await headerOf('/?asked&error=0.02345678')).toBe('0.0235');
  expect(await headerOf('/?asked&error=0')).toBe('0');
  await app.close();
});

test('of an answer of several parts the least exact counts', () => {
  const { estimate } = selectionOf({ estimate: true }, 0);
  for (const error of [0.01, 0.2, 0.1]) estimate!.tell(error);
  expect(estimate!.error).toBe(0.2);
});
