import type { Me } from '../../api/types.js';

/** What a login came to. */
export type Outcome =
  | 'done'
  | 'wrong'
  | 'unreachable'
  | { readonly waitSeconds: number }
  | { readonly refused: string };

/** Who the reader is; undefined where the collector does not say. */
export async function whoAmI(): Promise<Me | undefined> {
  try {
    const answer = await fetch('api/v1/me');
    return answer.ok ? ((await answer.json()) as Me) : undefined;
  } catch {
    return undefined;
  }
}

/** @param name undefined: the secret is the token */
export async function logIn(name: string | undefined, secret: string): Promise<Outcome> {
  try {
    const answer = await fetch('api/v1/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, secret }),
    });
    if (answer.ok) return 'done';
    if (answer.status === 401) return 'wrong';
    if (answer.status === 429) return { waitSeconds: Number(answer.headers.get('retry-after') ?? 60) };
    return { refused: ((await answer.json()) as { error: string }).error };
  } catch {
    return 'unreachable';
  }
}

/** To what was asked for before: the address of a login has the same query. */
export function goOn(): void {
  location.replace(`./${location.search}${location.hash}`);
}
