import { apiPage } from './api.js';
import { commandsPage } from './commands.js';
import { fieldNamesPage } from './field-names.js';
import { metricsPage } from './metrics.js';
import { settingsPage } from './settings.js';
import { templatesPage } from './templates.js';

/** Pages of docs/reference that are made of the source. */
export async function referencePages(): Promise<{ path: string; content: string }[]> {
  const pages: Readonly<Record<string, string>> = {
    api: await apiPage(),
    commands: await commandsPage(),
    configuration: settingsPage(),
    'field-names': fieldNamesPage(),
    metrics: metricsPage(),
    templates: templatesPage(),
  };
  return Object.entries(pages).map(([name, content]) => ({ path: `docs/reference/${name}.md`, content }));
}
