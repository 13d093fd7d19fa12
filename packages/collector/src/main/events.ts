import type { CollectorSettings } from '../config/config.js';
import type { Store } from '../store/client.js';
import { Events } from './events/events.js';
import type { Meshes } from './meshes.js';
import type { Storing } from './storing.js';
import type { Undo } from './undo.js';

/** Starts to look for what is unusual, if that is wanted; events of before can be asked for in any case. */
export async function startEvents(
  config: CollectorSettings,
  store: Store,
  { storing, meshes }: { readonly storing: Storing; readonly meshes: Meshes },
  undo: Undo,
  log: (line: string) => void,
): Promise<Events> {
  const events = await Events.open({ store, settings: config, meshes, log });
  if (config.detect || config.watchedKinds.length + config.watchedThings.length > 0) events.start();
  storing.onStored(() => events.stored());
  undo.push(() => events.close());
  return events;
}
