import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { alertSettings } from './alerts.js';

const defaults = {
  alerts: [],
  'alert-group': 30,
  'alert-limit': 20,
  'alert-remind': 4,
  'alert-mute': [],
  'alert-routes': [],
};
const served = { http: { host: '127.0.0.1', port: 4780 } };

test('milliseconds, and links to where the pages are', () => {
  expect(alertSettings(defaults, served).alerting).toEqual({
    ...{ channels: [], mutes: [], routes: [], telling: { group: 30_000, limit: 20, remind: 14_400_000 } },
    pages: 'http://127.0.0.1:4780/',
  });
  const pages = (url: string | undefined, host = '::', tls?: object) =>
    alertSettings(
      { ...defaults, ...(url === undefined ? {} : { 'public-url': url }) },
      { http: { host, port: 443 }, ...(tls === undefined ? {} : { tls }) },
    ).alerting.pages;
  expect(pages(undefined)).toBe(`http://${hostname()}:443/`);
  expect(pages(undefined, '2001:db8::1', {})).toBe('https://[2001:db8::1]:443/');
  expect(pages('https://weir.example.org')).toBe('https://weir.example.org/');
  expect(pages('https://example.org/weir')).toBe('https://example.org/weir/');
  for (const wrong of ['weir.example.org', 'ftp://x/', 'https://x/?a=b', 'https://u@x/'])
    expect(() => pages(wrong)).toThrow(/public-url: ".*" is no address of pages; write https:/);
});

test('two channels of one name are refused', () => {
  const alerts = ['a=syslog+udp://192.0.2.1', 'a=syslog+udp://192.0.2.2'];
  expect(() => alertSettings({ ...defaults, alerts }, served)).toThrow('alerts: "a" is the name of two');
});
