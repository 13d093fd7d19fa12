import { expect, test } from 'vitest';
import { parseControl } from './listen-url.js';

test('a socket, HTTP on loopback, HTTPS anywhere', () => {
  expect(parseControl('unix:/run/weir/probe.sock')).toEqual({
    kind: 'unix',
    path: '/run/weir/probe.sock',
    group: undefined,
  });
  expect(parseControl('unix:/run/weir/control?group=weir')).toEqual({
    ...{ kind: 'unix', path: '/run/weir/control', group: 'weir' },
  });
  expect(parseControl('http://[::1]:4790/')).toEqual({ kind: 'http', host: '::1', port: 4790 });
  expect(parseControl('https://0.0.0.0:4790?cert=/a.pem&key=/a.key')).toEqual({
    ...{ kind: 'https', host: '0.0.0.0', port: 4790, cert: '/a.pem', key: '/a.key' },
  });
});

test.each([
  ['unix:probe.sock', /begins with/],
  ['127.0.0.1:4790', /no address/],
  ['http://127.0.0.1', /no address/],
  ['http://127.0.0.1:70000', /no address/],
  ['http://192.0.2.1:4790', /read on the way/],
  ['http://127.0.0.1.example.org:4790', /read on the way/],
  ['https://192.0.2.1:4790', /certificate/],
  ['https://192.0.2.1:4790?cert=/a.pem', /certificate/],
])('%s is refused', (text, message) => {
  expect(() => parseControl(text)).toThrow(message);
});
