import { afterEach, expect, test, vi } from 'vitest';
import { getExporters, getGroups, getSummary } from './client.js';
import { estimated } from './estimate.js';

/** Answers as the collector: what may be an estimate, and takes long, with this error. */
function answering(error: string) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    const headers: HeadersInit = url.includes('estimate=true') ? { 'weir-estimate': error } : {};
    return new Response('{}', { headers });
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

const span = { from: 0, filter: 'dst port 443' };

test('who is content with an estimate asks for one, and is told its error', async () => {
  const asked = answering('0.02');
  const { signal } = new AbortController();
  const { answer, error } = await estimated(signal, each => getSummary(span, each));
  expect([answer, error]).toEqual([{}, 0.02]);
  expect(asked).toEqual(['api/v1/summary?from=0&filter=dst+port+443&estimate=true']);
});

test('of several answers the least exact counts; what cannot be estimated is not asked so', async () => {
  const asked = answering('0.1');
  const { signal } = new AbortController();
  const { error } = await estimated(signal, async each => {
    await getExporters(each);
    await getGroups(['src'], 7, span, each);
  });
  expect(error).toBe(0.1);
  expect(asked.map(url => url.includes('estimate'))).toEqual([false, true]);
});

test('all other questions are exact', async () => {
  const asked = answering('0.1');
  const { signal } = new AbortController();
  await getSummary(span, signal);
  expect(asked).toEqual(['api/v1/summary?from=0&filter=dst+port+443']);
  expect((await estimated(signal, getExporters)).error).toBeUndefined();
});

test('who goes on breaks the question off', async () => {
  const controller = new AbortController();
  const asked = estimated(
    controller.signal,
    each => new Promise((_, reject) => each.addEventListener('abort', () => reject(each.reason))),
  );
  controller.abort(new Error('gone'));
  await expect(asked).rejects.toThrow('gone');
  await expect(estimated(controller.signal, async () => 1)).rejects.toThrow('gone');
});
