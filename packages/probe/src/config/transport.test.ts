import { describe, expect, test } from 'vitest';
import { parseTransport } from './transport.js';

describe('transport URLs', () => {
  test.each([
    ['udp://192.0.2.1:9995', { kind: 'udp', host: '192.0.2.1', port: 9995 }],
    ['udp://collector.example', { kind: 'udp', host: 'collector.example', port: 4739 }],
    ['udp://[2001:db8::1]:4739', { kind: 'udp', host: '2001:db8::1', port: 4739 }],
    ['file:/var/tmp/flows.ipfix', { kind: 'file', path: '/var/tmp/flows.ipfix' }],
    ['file:///var/tmp/flows.ipfix', { kind: 'file', path: '/var/tmp/flows.ipfix' }],
    ['file:-', { kind: 'file', path: '-' }],
  ])('%s', (text, target) => expect(parseTransport(text)).toEqual(target));

  test.each([
    ['192.0.2.1', /not a transport URL/],
    ['udp://192.0.2.1:99999', /port/],
    ['udp://', /not a transport URL/],
    ['tcp://192.0.2.1', /udp:\/\/ and to file:/],
    ['file:', /names no file/],
  ])('%s is refused with what to do', (text, message) => expect(() => parseTransport(text)).toThrow(message));
});
