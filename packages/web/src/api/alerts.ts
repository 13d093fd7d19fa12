import { post, remove } from './change.js';
import { get } from './client.js';
import type { AlertChannels, AlertTest, Mutes } from './types.js';

/** Who is told, and of which events. */
export function getAlerts(signal: AbortSignal): Promise<AlertChannels> {
  return get('alerts', {}, signal);
}

export function getMutes(signal: AbortSignal): Promise<Mutes> {
  return get('alerts/mutes', {}, signal);
}

/** Says that one looks after an event that goes on. */
export function acknowledge(id: string, comment: string): Promise<unknown> {
  return post('alerts/acknowledged', { id, ...commented(comment) });
}

/** Says that nobody looks after it any more. */
export function leave(id: string): Promise<unknown> {
  return remove(`alerts/acknowledged/${encodeURIComponent(id)}`);
}

/** What is to be quiet; what is absent is whatever it may be. */
export interface Muted {
  readonly kind: string;
  readonly subject?: string;
  readonly filter?: string;
}

/** @param until milliseconds since the epoch */
export function mute(muted: Muted, until: number, comment: string): Promise<unknown> {
  return post('alerts/mutes', { ...muted, until, ...commented(comment) });
}

export function endMute(id: string): Promise<unknown> {
  return remove(`alerts/mutes/${encodeURIComponent(id)}`);
}

/** Has a test message sent. */
export function testChannel(channel: string): Promise<AlertTest> {
  return post('alerts/test', { channel });
}

function commented(comment: string): { comment?: string } {
  return comment.trim() === '' ? {} : { comment: comment.trim() };
}
