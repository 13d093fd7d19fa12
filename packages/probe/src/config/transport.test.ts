import { describe, expect, test } from 'vitest';
import { parseTransport } from './transport.js';

describe('transport URLs', () => {
  test.each([
    ['udp://192.0.2.1:9995', { kind: 'udp', host: '192.0.2.1', port: 9995, version: 10 }],
    ['udp://collector.example', { kind: 'udp', host: 'collector.example', port: 4739, version: 10 }],
    ['udp://[2001:db8::1]:4739', { kind: 'udp', host: '2001:db8::1', port: 4739, version: 10 }],
    ['udp://192.0.2.1?version=9', { kind: 'udp', host: '192.0.2.1', port: 2055, version: 9 }],
    ['udp://192.0.2.1:99?version=5', { kind: 'udp', host: '192.0.2.1', port: 99, version: 5 }],
    [
      'udp://h?source=192.0.2.7&mtu=1280',
      { kind: 'udp', host: 'h', port: 4739, version: 10, source: '192.0.2.7', mtu: 1280 },
    ],
    ['tcp://192.0.2.1', { kind: 'tcp', host: '192.0.2.1', port: 4739 }],
    ['sctp://[2001:db8::1]', { kind: 'sctp', host: '2001:db8::1', port: 4739 }],
    ['sctp://h:99?source=192.0.2.7', { kind: 'sctp', host: 'h', port: 99, source: '192.0.2.7' }],
    ['tls://collector.example', { kind: 'tls', host: 'collector.example', port: 4740, minVersion: 'TLSv1.3' }],
    ['tls://h?tls=1.2', { kind: 'tls', host: 'h', port: 4740, minVersion: 'TLSv1.2' }],
    [
      'tls://192.0.2.1:99?ca=/etc/ca.pem&cert=c=1.pem&key=k.pem&name=collector.example',
      {
        kind: 'tls',
        host: '192.0.2.1',
        port: 99,
        ca: '/etc/ca.pem',
        cert: 'c=1.pem',
        key: 'k.pem',
        name: 'collector.example',
        minVersion: 'TLSv1.3',
      },
    ],
    ['file:/var/tmp/flows.ipfix', { kind: 'file', path: '/var/tmp/flows.ipfix' }],
    ['file:///var/tmp/flows.ipfix', { kind: 'file', path: '/var/tmp/flows.ipfix' }],
    ['file:-', { kind: 'file', path: '-' }],
    ['file:/var/%Y%m%d.ipfix?rotate=3600', { kind: 'file', path: '/var/%Y%m%d.ipfix', rotateSeconds: 3600 }],
    ['file:/var/%s?rotate-octets=1000000', { kind: 'file', path: '/var/%s', rotateOctets: 1_000_000 }],
  ])('%s', (text, target) => expect(parseTransport(text)).toEqual(target));

  test.each([
    ['192.0.2.1', /not a transport URL/],
    ['udp://192.0.2.1:99999', /port/],
    ['udp://', /not a transport URL/],
    ['http://192.0.2.1', /"http:\/\/" is no transport.*tcp:\/\//],
    ['dtls://192.0.2.1', /does not export over dtls/],
    ['sctp://192.0.2.1?ca=a.pem', /"ca" is no parameter of sctp: there are source/],
    ['udp://192.0.2.1?version=7', /10 \(IPFIX\), 9 or 5/],
    ['udp://192.0.2.1?mtu=100', /"mtu".*576/],
    ['udp://192.0.2.1?source=eth0', /IP address/],
    ['tcp://192.0.2.1?version=9', /"version" is no parameter of tcp: there are source/],
    ['tls://192.0.2.1?cert=c.pem', /go together/],
    ['tls://192.0.2.1?tls=1.1', /oldest version of TLS .*tls=1\.3 or tls=1\.2/],
    ['tls://192.0.2.1?ca', /"ca" has no value/],
    ['file:', /names no file/],
    ['file:-?rotate=60', /standard output/],
    ['file:/var/flows.ipfix?rotate=60', /no time.*%Y%m%d/],
    ['file:/var/%Q?rotate=60', /"%Q"/],
    ['file:/var/%s?rotate=0', /from 1/],
  ])('%s is refused with what to do', (text, message) => expect(() => parseTransport(text)).toThrow(message));
});
