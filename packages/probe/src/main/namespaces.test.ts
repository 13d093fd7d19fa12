import { describe, expect, test } from 'vitest';
import { parseNamespaces } from './namespaces.js';

describe('namespaces to meter', () => {
  test('self has the domain of the probe, others one that depends on nothing but their name', () => {
    const [self, guests, path] = parseNamespaces(['self', 'guests', '/proc/42/ns/net'], 7);
    expect(self).toEqual({ name: 'self', path: undefined, domain: 7 });
    expect(guests).toMatchObject({ name: 'guests', path: '/run/netns/guests' });
    expect(path).toMatchObject({ name: '/proc/42/ns/net', path: '/proc/42/ns/net' });
    expect(parseNamespaces(['guests'], 1)[0].domain).toBe(guests.domain);
    expect(new Set([7, guests.domain, path.domain]).size).toBe(3);
  });

  test('a domain that is given is taken', () => {
    expect(parseNamespaces(['guests=12', 'self=3'], 1).map(({ domain }) => domain)).toEqual([12, 3]);
  });

  test.each([
    [['a', 'a'], /named twice/],
    [['a=5', 'b=5'], /"a" and "b" have the same Observation Domain 5.*b=DOMAIN/],
    [['a=1', 'self'], /same Observation Domain 1/],
    [['a=4294967296'], /at most 4294967295/],
    [['a=x'], /not NAME or NAME=DOMAIN/],
    [['../netns/a'], /not NAME/],
    [['..'], /not NAME/],
    [[''], /not NAME/],
  ])('%j is refused', (texts, message) => expect(() => parseNamespaces(texts, 1)).toThrow(message));
});
