import { WeirError } from '../../error.js';
import { type Content, MOST_OCTETS, tooMuch } from './content.js';
import type { TopologyPlace } from './place.js';

type HttpPlace = Extract<TopologyPlace, { kind: 'http' }>;

const MOST_REDIRECTS = 5;

/** Asks for what is under a URL, unless it is what it was `before`. */
export async function readHttp(place: HttpPlace, before: Content | undefined, signal: AbortSignal): Promise<Content> {
  let url = new URL(place.url);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const response = await fetch(url, { redirect: 'manual', signal, headers: headersFor(place, url, before) });
    const to = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || response.status === 304 || to === null) {
      return contentOf(place.url, response, before);
    }
    await response.body?.cancel();
    url = redirected(place.url, url, to);
  }
  throw new WeirError(`${place.url} redirects more than ${MOST_REDIRECTS} times: write the URL that it ends at`);
}

function headersFor(place: HttpPlace, url: URL, before: Content | undefined): Record<string, string> {
  const { etag, lastModified } = JSON.parse(before?.mark ?? '{}') as Validators;
  // Who redirects elsewhere is not to learn the password of here.
  const isOwn = url.origin === new URL(place.url).origin;
  return {
    accept: 'application/json, */*;q=0.5',
    'user-agent': 'weir',
    ...(etag ? { 'if-none-match': etag } : {}),
    ...(lastModified ? { 'if-modified-since': lastModified } : {}),
    ...(isOwn && place.authorization !== undefined ? { authorization: place.authorization } : {}),
  };
}

interface Validators {
  readonly etag?: string | null;
  readonly lastModified?: string | null;
}

function redirected(asked: string, from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (to?.protocol === from.protocol) return to;
  throw new WeirError(
    `${asked} redirects to ${to?.href ?? location}, which is not followed: write that URL if it is the right one`,
  );
}

async function contentOf(asked: string, response: Response, before: Content | undefined): Promise<Content> {
  if (response.status === 304 && before !== undefined) return before;
  if (!response.ok) {
    await response.body?.cancel();
    throw new WeirError(`${asked} ${refusal(response.status)}`);
  }
  const octets = await bodyOf(asked, response);
  const [etag, lastModified] = ['etag', 'last-modified'].map(name => response.headers.get(name));
  return { octets: [octets], mark: JSON.stringify({ etag, lastModified } satisfies Validators) };
}

function refusal(status: number): string {
  if (status === 401 || status === 403)
    return `is refused (HTTP ${status}): write http://USER:PASSWORD@HOST/... if it needs a password`;
  if (status === 404 || status === 410) return `is not there (HTTP ${status}): look whether the path is right`;
  return `was answered with HTTP ${status}: look into the log of that server`;
}

/** Decompressed by fetch as it comes, so that a small answer cannot become a large one unseen. */
async function bodyOf(asked: string, response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > MOST_OCTETS) throw tooMuch(asked);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}
