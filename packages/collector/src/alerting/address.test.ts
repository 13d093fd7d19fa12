import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseChannel } from './address.js';
import { parseMute } from './mutes.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-alert-address-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('a webhook: all but what is behind # is the receiver’s', () => {
  const file = join(directory, 'address');
  const address = 'https://hooks.example.org/T0/secret?room=1#secret-file=/etc/weir/hook&ca=ca.pem';
  writeFileSync(file, `${address}\n`);
  const settings = {
    ...{ kind: 'webhook', name: 'pager', url: 'https://hooks.example.org/T0/secret?room=1', ca: resolve('ca.pem') },
    secret: { file: '/etc/weir/hook', variable: 'WEIR_ALERT_SECRET_PAGER' },
    token: { file: undefined, variable: 'WEIR_ALERT_TOKEN_PAGER' },
  };
  expect(parseChannel(`pager=${address}`)).toEqual(settings);
  expect(parseChannel(`pager=file:${file}`)).toEqual(settings);
});

test('e-mail', () => {
  expect(
    parseChannel(
      'night-shift=smtp://mail.example.org?from=weir@example.org&to=a+b@example.org&to=c@example.org&user=weir',
    ),
  ).toEqual({
    ...{ kind: 'mail', name: 'night-shift', security: 'starttls', host: 'mail.example.org', port: 587 },
    ...{ from: 'weir@example.org', to: ['a+b@example.org', 'c@example.org'], user: 'weir', ca: undefined },
    password: { file: undefined, variable: 'WEIR_ALERT_PASSWORD_NIGHT_SHIFT' },
  });
  const ports = ['smtps', 'smtp+plain'].map(scheme => parseChannel(`x=${scheme}://[::1]?from=a@b&to=c@d`));
  expect(ports).toMatchObject([
    { security: 'tls', host: '::1', port: 465 },
    { security: 'none', host: '::1', port: 25 },
  ]);
});

test('syslog and MQTT', () => {
  expect(parseChannel('log=syslog+udp://192.0.2.1')).toMatchObject({ transport: 'udp', port: 514, facility: 3 });
  expect(parseChannel('log=syslog+tcp://192.0.2.1:514?facility=local1')).toMatchObject({ port: 514, facility: 17 });
  expect(parseChannel('log=syslog+tls://192.0.2.1?ca=/ca')).toMatchObject({ transport: 'tls', port: 6514, ca: '/ca' });
  expect(parseChannel('bus=mqtts://192.0.2.1/weir/alerts?qos=0')).toMatchObject({
    ...{ kind: 'mqtt', tls: true, port: 8883, topic: 'weir/alerts', qos: 0, user: undefined },
  });
});

test.each([
  ['https://hooks.example.org/geheim', /write NAME=ADDRESS/],
  ['Pager=https://hooks.example.org/geheim', /small letters/],
  ['a=', /write NAME=ADDRESS/],
  ['a=gopher://example.org/geheim', /its address is none; write https:/],
  ['a=https://geheim@example.org/', /does not belong in the address/],
  ['a=https://example.org/geheim#sekret-file=/x', /no parameter "sekret-file"; there are secret-file/],
  ['a=http://example.org/#ca=/x', /unencrypted/],
  ['a=smtp://user:geheim@example.org?from=a@b&to=c@d', /does not belong in the address/],
  ['a=smtp://example.org?to=c@d', /needs from=ADDRESS and to=ADDRESS/],
  ['a=smtp://example.org?from=a@b&to=c', /"c" is no e-mail address/],
  ['a=smtp+plain://example.org?from=a@b&to=c@d&user=x', /would send the password unencrypted/],
  ['a=syslog+tcp://example.org?facility=mine', /no such facility; there are kern/],
  ['a=syslog+tcp://example.org:99999', /channel "a": .* is no address/],
  ['a=syslog+udp://example.org?ca=/x', /unencrypted/],
  ['a=mqtt://example.org', /write mqtt:\/\/HOST\/TOPIC/],
  ['a=mqtt://example.org/weir/#', /its address is none|TOPIC/],
  ['a=mqtt://example.org/weir?qos=2', /qos is 0 or 1/],
  ['a=file:/nonexistent/file', /\/nonexistent\/file with its address cannot be read: ENOENT/],
])('%s is refused, without a word of what may be secret', (text, message) => {
  expect(() => parseChannel(text)).toThrow(message);
  expect(() => parseChannel(text)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('geheim') }));
});

test('what the documentation shows can be read', () => {
  const page = readFileSync(new URL('../../../../docs/how-to/be-told.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([^`]+)```/g)].map(([, text]) => text!);
  const [channels, mutes] = ['alerts:', 'alert-mute:'].map(key => {
    const block = blocks.find(text => text.startsWith(key))!;
    return [...block.matchAll(/^ {2}(\w+): (.+)$/gm)].map(([, name, value]) => [name!, value!] as const);
  });
  expect(channels!.map(([key, value]) => parseChannel(`${key}=${value}`).kind)).toEqual([
    'webhook',
    'mail',
    'syslog',
    'mqtt',
  ]);
  const texts = mutes!.flatMap(([key, value]) =>
    // A list of YAML, of which one is in quotes.
    value
      .replace(/^\[|\]$/g, '')
      .split(', ')
      .map(each => `${key}=${each.replace(/^'|'$/g, '')}`),
  );
  expect(texts.map(parseMute)).toMatchObject([
    { until: expect.any(Number) },
    { kind: 'scan' },
    { subject: 'backup of the night' },
  ]);
});
