/** Why a base map is not shown, as far as a page can know it. */
export type BaseTrouble = {
  /** The server that was asked; undefined where that is the collector. */
  readonly host?: string;
} & (
  | { readonly kind: 'refused'; readonly status: number }
  /**
   * `silent`: no answer, or none that this page may read. `whole`: no ranges of octets. `forbidden`: the pages' policy does not name
   * the server. `broken`: not what its name says. `empty`: no tiles of what is looked at.
   */
  | { readonly kind: 'silent' | 'whole' | 'forbidden' | 'broken' | 'empty' }
);

type Reason = BaseTrouble extends infer One ? (One extends unknown ? Omit<One, 'host'> : never) : never;

/** Something about a base map that is known to be wrong. */
export class BaseError extends Error {
  override name = 'BaseError';
  constructor(
    readonly reason: Reason,
    readonly url: string,
  ) {
    super(`${reason.kind}: ${url}`);
  }
}

/**
 * What an error of `fetch`, of MapLibre or of PMTiles means. These tell of the cause by their text alone, and each browser has its own
 * for a request that failed.
 * @param asked address of the base map
 * @param page address of the page
 */
export function baseTroubleOf(error: unknown, asked: string, page: string): BaseTrouble {
  const { status, url = asked } = error as { status?: number; url?: string };
  const address = new URL(url, page);
  const own = new URL(page).origin;
  const host = address.origin === own ? {} : { host: address.host };
  const reason = reasonOf(error, status, [own, new URL(asked, page).origin].includes(address.origin));
  return { ...host, ...reason } as BaseTrouble;
}

function reasonOf(error: unknown, status: number | undefined, allowed: boolean): Reason {
  if (error instanceof BaseError) return error.reason;
  const message = String((error as Partial<Error>).message ?? error);
  const code = status || Number(/response code: (\d+)/i.exec(message)?.[1] ?? 0);
  if (code > 0) return { kind: 'refused', status: code };
  if (/byte serving|content-length/i.test(message)) return { kind: 'whole' };
  if (status === 0 || /failed to fetch|networkerror|load failed/i.test(message))
    return { kind: allowed ? 'silent' : 'forbidden' };
  return { kind: 'broken' };
}
