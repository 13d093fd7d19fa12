/**
 * What the pages may do: their own scripts, styles, pictures and questions, nothing else. Nothing is inline, and text becomes markup
 * only by way of Svelte's own templates (Trusted Types), so that names out of flows cannot become any.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // The default one lets the map's two scripts become workers, and nothing else (web/src/map/base/scripts.ts).
  'trusted-types svelte-trusted-html default',
].join('; ');

/** What a browser would let pages ask the reader for, and these never do. */
const permissionsPolicy = [
  'camera',
  'display-capture',
  'geolocation',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
]
  .map(feature => `${feature}=()`)
  .join(', ');

/** The headers that every answer has. There is no CORS: other sites get nothing. */
export const protectingHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': permissionsPolicy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
