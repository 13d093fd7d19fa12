import { expect, test } from 'vitest';
import { knownServices, serviceName, servicePort } from './services.js';

test('a service has one port, a port one service', () => {
  expect(new Set(knownServices.map(([port]) => port)).size).toBe(knownServices.length);
  expect(new Set(knownServices.map(([, name]) => name)).size).toBe(knownServices.length);
  for (const [port, name] of knownServices) {
    expect([serviceName(port), servicePort(name)]).toEqual([name, port]);
    // As a word of the filter language, and no number of it.
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
  }
});

test('names are taken in any case; what is none has no port', () => {
  expect(servicePort('HTTPS')).toBe(443);
  expect([servicePort('constructor'), serviceName(40_000)]).toEqual([undefined, undefined]);
});
