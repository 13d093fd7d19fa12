import type { ChannelSettings } from '../channel-settings.js';
import { Mail } from './mail.js';
import { Mqtt } from './mqtt.js';
import { readCa, readSecret } from './secret.js';
import type { Sender } from './sender.js';
import { Syslog } from './syslog.js';
import { Webhook } from './webhook.js';

export function openSender(settings: ChannelSettings): Sender {
  switch (settings.kind) {
    case 'webhook':
      return new Webhook(settings);
    case 'mail':
      return new Mail(settings);
    case 'syslog':
      return new Syslog(settings);
    case 'mqtt':
      return new Mqtt(settings);
  }
}

/** Secrets of a channel, which nothing that is told may hold. @throws WeirError where a file cannot be read */
export function secretsOf(settings: ChannelSettings): string[] {
  readCa(settings.ca);
  const places =
    settings.kind === 'webhook' ? [settings.secret, settings.token] : 'password' in settings ? [settings.password] : [];
  const secrets = places.map(readSecret).filter(secret => secret !== undefined);
  if (settings.kind !== 'webhook') return secrets;
  const { pathname, search } = new URL(settings.url);
  return [...secrets, ...[pathname, search].filter(part => part.length > 1)];
}
