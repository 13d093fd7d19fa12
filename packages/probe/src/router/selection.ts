import { parseAnonymise } from '../config/anonymise.js';
import { WeirError } from '../error.js';
import { calls } from '../host/quickjs-calls.js';
import type { Anonymisation } from '../selecting/anonymiser.js';
import { CRYPTO_PAN_KEY_OCTETS } from '../selecting/crypto-pan.js';
import type { SelectionOptions } from '../selecting/selection.js';
import type { RouterSettings } from './settings.js';

/** What the settings select, with the key read. @throws WeirError where there is none */
export function selectionOf({ anonymise, filter, sample, ...settings }: RouterSettings): SelectionOptions {
  const anonymisation = anonymise === undefined ? undefined : anonymisationOf(anonymise);
  return { filter, sample, anonymisation, anonymisedNetworks: settings['anonymise-networks'] };
}

function anonymisationOf(text: string): Anonymisation {
  const request = parseAnonymise(text);
  if (request.technique === 'truncate') return request;
  // One octet more, which a key has not.
  const key = new Uint8Array(CRYPTO_PAN_KEY_OCTETS + 1);
  const descriptor = calls.open(request.keyFile, false);
  const octets = descriptor < 0 ? -1 : calls.read(descriptor, key, 0);
  if (descriptor >= 0) calls.close(descriptor);
  if (octets !== CRYPTO_PAN_KEY_OCTETS) {
    const remedy = `(umask 077; head -c ${CRYPTO_PAN_KEY_OCTETS} /dev/urandom > ${request.keyFile})`;
    throw new WeirError(`${request.keyFile} holds no key of ${CRYPTO_PAN_KEY_OCTETS} octets: make one with ${remedy}`);
  }
  return { technique: 'crypto-pan', key: key.subarray(0, CRYPTO_PAN_KEY_OCTETS) };
}
