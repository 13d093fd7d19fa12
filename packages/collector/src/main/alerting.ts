import { join } from 'node:path';
import { Alerting } from '../alerting/alerting.js';
import type { EventSource } from '../alerting/change.js';
import type { CollectorSettings } from '../config/config.js';
import type { Undo } from './undo.js';

/** Begins to tell people of events; undone, it ends. */
export function startAlerting(
  { alerting: settings, directory }: CollectorSettings,
  events: EventSource,
  undo: Undo,
  log: (line: string) => void,
): Alerting {
  const alerting = new Alerting({ ...settings, file: join(directory, 'alerts.json'), log });
  events.onChange(change => alerting.tell(change));
  alerting.start();
  undo.push(() => alerting.stop());
  return alerting;
}
