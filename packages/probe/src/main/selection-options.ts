import { parseAnonymise } from '../config/anonymise.js';
import type { ProbeConfig } from '../config/schema.js';
import { WeirError } from '../error.js';
import { readKeyFile } from '../host/key-file.js';
import type { Anonymisation } from '../selecting/anonymiser.js';
import { CRYPTO_PAN_KEY_OCTETS } from '../selecting/crypto-pan.js';
import { Selection, type SelectionOptions } from '../selecting/selection.js';

/**
 * What the configuration selects, with the key read.
 *
 * @throws WeirError where something of it means nothing: said before anything is metered
 */
export function selectionOptions(config: ProbeConfig): SelectionOptions {
  const networks = config['anonymise-networks'];
  if (networks.length > 0 && config.anonymise === undefined) {
    throw new WeirError(
      'anonymise-networks limits anonymise, which is not given: add --anonymise truncate:24,48 or crypto-pan:KEYFILE',
    );
  }
  const options: SelectionOptions = {
    filter: config.filter,
    sample: config.sample,
    anonymisation: config.anonymise === undefined ? undefined : anonymisation(config.anonymise),
    anonymisedNetworks: networks,
  };
  new Selection(options, { interfaceIndex: () => 0, domain: config.domain });
  return options;
}

function anonymisation(text: string): Anonymisation {
  const request = parseAnonymise(text);
  if (request.technique === 'truncate') return request;
  return { technique: 'crypto-pan', key: readKeyFile(request.keyFile, CRYPTO_PAN_KEY_OCTETS) };
}
