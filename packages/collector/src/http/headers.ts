/**
 * What the pages may do: their own scripts, styles, pictures and questions, nothing else. Nothing is inline, and text becomes markup
 * only by way of Svelte's own templates (Trusted Types), so that names out of flows cannot become any.
 * @param tiles origins that a base map comes from
 * @param isEmbeddable whether pages of other sites may show it in a frame
 */
function contentSecurityPolicy(tiles: readonly string[], isEmbeddable: boolean): string {
  const others = tiles.map(origin => ` ${origin}`).join('');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self'${others}`,
    "font-src 'self'",
    // A report, which has a policy of its own.
    "frame-src 'self'",
    `connect-src 'self'${others}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${isEmbeddable ? '*' : "'none'"}`,
    "require-trusted-types-for 'script'",
    // The default one lets the map's two scripts become workers, and nothing else (web/src/map/base/scripts.ts).
    'trusted-types svelte-trusted-html default',
  ].join('; ');
}

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
export function protectingHeaders(tiles: readonly string[], isEmbeddable: boolean): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(tiles, isEmbeddable),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': permissionsPolicy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
