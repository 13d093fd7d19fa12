import { join } from 'node:path';
import type { CollectorSettings } from '../config/config.js';
import { WeirError } from '../error.js';
import type { ReportSources } from '../reporting/gather.js';
import { findBrowser } from '../reporting/pdf.js';
import { Schedule } from '../reporting/schedule.js';
import type { Undo } from './undo.js';

/**
 * Begins to make reports when they are due; undone, it ends.
 * @throws WeirError where one is to be PDF and this machine has no browser: nobody would see it until it is missed
 */
export function startReports(
  { reports, directory }: CollectorSettings,
  sources: ReportSources,
  undo: Undo,
  log: (line: string) => void,
): Schedule {
  const printed = reports.find(({ formats }) => formats.includes('pdf'));
  if (printed !== undefined && findBrowser() === undefined)
    throw new WeirError(
      `reports: "${printed.name}" is to be PDF, which a browser prints, and there is none here; install one, as "apt install chromium" does, or leave html alone in its formats`,
    );
  const { version } = sources.status();
  const schedule = new Schedule({ reports, sources, version, file: join(directory, 'reports.json'), log });
  schedule.start();
  undo.push(() => schedule.stop());
  return schedule;
}
