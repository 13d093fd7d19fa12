import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportTown, http, type Lab, RunningWeir, type TownSize, townFeed } from '@weir/lab';
import { browserIn } from '../../packages/lab/dist/browser/browser.js';

const TOWN: TownSize = { nodes: 170, quarters: 9, gateways: 3, neighbours: 3 };
const PORT = 4739;
const PICTURES = [
  { name: 'map', colorScheme: 'light' },
  { name: 'map-dark', colorScheme: 'dark' },
] as const;

/** Takes pictures of the map of a town that does not exist, with an hour of its traffic. */
export async function takeMap(lab: Lab, directory: string): Promise<void> {
  const place = lab.namespace('map');
  const feed = join(lab.directory('town'), 'town.json');
  writeFileSync(feed, JSON.stringify(townFeed(TOWN)));
  const options = ['--topology', `town=${feed}`];
  const collector = await RunningWeir.collect(lab, place, lab.directory('map'), `udp://127.0.0.1:${PORT}`, options);
  await exportTown(place, { size: TOWN, port: PORT, minutes: 60 });
  const browser = await browserIn(lab, place, { webgl: true });
  for (const { name, colorScheme } of PICTURES) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 820 }, colorScheme, deviceScaleFactor: 1.5 });
    await page.goto(`http://${http}/?page=map`);
    await page.getByTestId('busiest').getByRole('button').first().waitFor();
    // Until the map has found out how much it can draw.
    await sleep(8000);
    await page.screenshot({ path: join(directory, `${name}.png`) });
    await page.close();
  }
  await browser.close();
  await collector.stop();
}
