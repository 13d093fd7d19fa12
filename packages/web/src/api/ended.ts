import { post } from './change.js';

const KEY = 'weir-ended';

/** The page that logs in is to say that the reader was logged in, and is no more. */
export function keepEnded(): void {
  sessionStorage.setItem(KEY, '1');
}

/** To the page that logs in, which comes back to this view. */
export function goLogIn(): void {
  location.replace(`login.html${location.search}`);
}

/** Ends the session, and with it the live stream of each of its windows: what is shown from then on follows from that. */
export async function logOut(): Promise<void> {
  await post('logout', {});
}

/** Whether a session has ended in this window since it was asked last. */
export function takeEnded(): boolean {
  const ended = sessionStorage.getItem(KEY) !== null;
  sessionStorage.removeItem(KEY);
  return ended;
}
