import { readFileSync } from 'node:fs';
import { type Detected, detect } from '../../detect.js';

/** Small meshes of our own, in the form in which the real programs write. */
export const fixtures = [
  'babeld.txt',
  'batctl-json.txt',
  'batctl.txt',
  'ffmap.xml',
  'graph-v1.json',
  'graph-v2.json',
  'mesh.geojson',
  'meshviewer-meta.json',
  'meshviewer.json',
  'netjson-collection.json',
  'netjsoninfo.json',
  'nodelist.json',
  'nodes-v1.json',
  'nodes-v2.json',
  'olsrd-all.json',
  'olsrd-latlon.txt',
  'olsrd-old.json',
  'olsrd.dot',
  'respondd.json',
  'respondd.jsonl',
  'txtinfo.txt',
  'vis.dot',
  'vis.jsondoc',
  'vis.jsonl',
] as const;

export type Fixture = (typeof fixtures)[number];

export function fixture(name: Fixture): Buffer {
  return readFileSync(new URL(name, import.meta.url));
}

/** What is read of the fixtures as the parts of one mesh. */
export function read(...names: Fixture[]): Detected {
  return detect(names.map(fixture));
}

/** What is read of a text. */
export function readText(text: string): Detected {
  return detect([Buffer.from(text)]);
}
