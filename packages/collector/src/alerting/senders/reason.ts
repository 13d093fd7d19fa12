import type { ChannelSettings } from '../channel-settings.js';
import { plain } from '../words.js';
import { secretsOf } from './open.js';

const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there: see whether the receiver runs, and its port',
  ECONNRESET: 'the receiver broke the connection off',
  ENOTFOUND: 'the name of the host has no address',
  EAI_AGAIN: 'the name of the host cannot be looked up at the moment',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the host',
  ETIMEDOUT: 'the host does not answer',
  EAUTH: 'the mail server does not take user and password',
  EPROTO: 'what answers there does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what answers there does not speak TLS',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name: name the host as its certificate does',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};
const untrusted =
  /SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|CERT_(?:UNTRUSTED|SIGNATURE)|self.signed certificate|unable to (?:get|verify)/i;

/** Why a message was not taken, in a line for people without a secret in it. */
export function reasonOf(error: unknown, settings: ChannelSettings): string {
  const { message, name, code } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return 'the receiver has not answered in time';
  const inner = ((error as AggregateError).errors as NodeJS.ErrnoException[] | undefined)?.[0];
  const text = withoutSecrets(plain(message || inner?.message || name), settings);
  if (untrusted.test(`${code} ${message}`))
    return `its certificate is not to be trusted (${text}): name who signed it with ca=FILE`;
  const known = advice[code ?? inner?.code ?? ''];
  return known === undefined ? text : `${known} (${text})`;
}

function withoutSecrets(text: string, settings: ChannelSettings): string {
  try {
    return secretsOf(settings).reduce((said, secret) => said.replaceAll(secret, '***'), text);
  } catch {
    // Of files that cannot be read the text is: it names them.
    return text;
  }
}
