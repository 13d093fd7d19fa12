import { ApiError, apiUrl, get } from './client.js';
import type { ErrorResponse, Me } from './types.js';

/** Who the reader is, and what he may do. */
export function getMe(): Promise<Me> {
  return get('me');
}

/** Changes something. @throws ApiError where that is refused */
export function post<T>(path: string, body: object): Promise<T> {
  return send('POST', path, body);
}

/** Takes something away. @throws ApiError where that is refused */
export function remove<T>(path: string): Promise<T> {
  return send('DELETE', path);
}

async function send<T>(method: string, path: string, body?: object): Promise<T> {
  // Of the session as it is now: another window may have logged in anew.
  const { csrf } = await getMe();
  const answer = await fetch(apiUrl(path), {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(csrf !== undefined && { 'x-weir-csrf': csrf }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (answer.ok) return (await answer.json()) as T;
  const { error } = (await answer.json().catch(() => ({}))) as Partial<ErrorResponse>;
  throw new ApiError(error ?? `The collector answered ${answer.status}`, answer.status);
}
