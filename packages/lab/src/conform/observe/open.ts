import { WeirError } from '../../error.js';
import { CommandObserver } from './command.js';
import { NfacctdObserver } from './nfacctd.js';
import { NfcapdObserver } from './nfcapd.js';
import type { Observer } from './observer.js';
import { WeirObserver } from './weir.js';

/** What `--see` may be. */
export const SEE_FORMS = 'http://HOST:PORT (Weir), nfcapd:DIRECTORY, nfacctd:FILE, command:COMMAND, or none';

/** The observer that `--see` names; undefined for "none". Throws a WeirError on what it does not know. */
export function openObserver(see: string): Observer | undefined {
  if (see === 'none') return undefined;
  if (/^https?:\/\//.test(see) && URL.canParse(see)) return new WeirObserver(see);
  const [, kind, place] = /^(nfcapd|nfacctd|command):(.+)$/s.exec(see) ?? [];
  if (kind === 'nfcapd') return new NfcapdObserver(place!);
  if (kind === 'nfacctd') return new NfacctdObserver(place!);
  if (kind === 'command') return new CommandObserver(place!);
  throw new WeirError(`"${see}" is nothing to see by; write ${SEE_FORMS}`);
}

/** Weir at the usual port of the target's host, if it is there. */
export async function usualObserver(host: string): Promise<Observer | undefined> {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:4780`;
  try {
    const answer = await fetch(`${url}/api/v1/status`, { signal: AbortSignal.timeout(2000) });
    return answer.ok && 'exporters' in ((await answer.json()) as object) ? new WeirObserver(url) : undefined;
  } catch {
    return undefined;
  }
}
