import { NO_SCTP } from './sctp-socket.js';

const TOO_OLD = 'the collector has no version of TLS that is spoken here: update it, or allow TLS 1.2 by "?tls=1.2"';

/** What keeps a session from being set up or broke it, by the code of the error: what it means, and what to do. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: start the collector, or look at the port',
  ECONNRESET: 'the collector broke the connection',
  EPIPE: 'the collector closed the connection',
  ETIMEDOUT: 'it does not answer: look at its address, at the way there and at firewalls',
  EHOSTUNREACH: 'no way leads there: look at its address and at "ip route get"',
  ENETUNREACH: 'no way leads there: look at its address and at "ip route get"',
  EADDRNOTAVAIL: 'the source address is not one of this host: look at "?source=" and at "ip address"',
  EPROTONOSUPPORT: NO_SCTP,
  ENOTFOUND: 'its name has no address: look at the spelling and at DNS',
  EAI_AGAIN: 'its name cannot be looked up now: look at DNS',
  CERT_HAS_EXPIRED: "the collector's certificate has expired: renew it there, and look at the clocks",
  CERT_NOT_YET_VALID: "the collector's certificate is not valid yet: look at the clocks",
  CERT_REVOKED: "the collector's certificate is revoked: replace it there",
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the collector\'s certificate is for another name: use the name that it has, or give it by "?name="',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the collector\'s certificate is signed by itself: give it by "?ca=FILE" to trust it',
  SELF_SIGNED_CERT_IN_CHAIN: 'the authority of the collector\'s certificate is not trusted here: give it by "?ca=FILE"',
  UNABLE_TO_GET_ISSUER_CERT: 'the authority of the collector\'s certificate is not trusted here: give it by "?ca=FILE"',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the authority of the collector\'s certificate is not trusted here: give it by "?ca=FILE"',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the authority of the collector\'s certificate is not trusted here: give it by "?ca=FILE"',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the collector asks for a certificate of ours: give one by "?cert=FILE&key=FILE"',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA:
    'the collector does not trust the authority of our certificate ("?cert="): look at its "ca"',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'our certificate ("?cert=") has expired: renew it',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the collector refuses our certificate ("?cert=")',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    'the collector refuses the TLS handshake: it may ask for a certificate of ours ("?cert=FILE&key=FILE")',
  ERR_SSL_UNSUPPORTED_PROTOCOL: TOO_OLD,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: TOO_OLD,
  ERR_SSL_WRONG_VERSION_NUMBER: 'what listens there does not speak TLS: look at the port, or use tcp://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what listens there does not speak TLS: look at the port, or use tcp://',
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: 'the files of "?cert=" and "?key=" do not belong together',
  ENOENT: 'a file of "?ca=", "?cert=" or "?key=" is not there',
  EACCES: 'a file of "?ca=", "?cert=" or "?key=" cannot be read: look at its permissions',
};

/** An error of a session in words for a person. */
export function reasonOf(error: unknown): string {
  const { code, message, path } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : REASONS[code];
  if (known !== undefined) return `${path === undefined ? '' : `${path}: `}${known} (${code})`;
  if (code?.startsWith('ERR_OSSL')) return `a file of "?ca=", "?cert=" or "?key=" is no PEM file (${code})`;
  return code === undefined ? message : `${message} (${code})`;
}
