import { babeld } from './babeld.js';
import { batadvVis } from './batadv-vis.js';
import { batctlJson } from './batctl-json.js';
import { batctlText } from './batctl-text.js';
import { batadvDot, olsrdDot } from './dot.js';
import type { Format } from './format.js';
import { freimapXml } from './freimap-xml.js';
import { geojson } from './geojson.js';
import { graphJson } from './graph-json.js';
import { latlon } from './latlon.js';
import { meshviewer } from './meshviewer.js';
import { netjson } from './netjson.js';
import { nodelist } from './nodelist.js';
import { nodesJson } from './nodes-json.js';
import { olsrdJson } from './olsrd-json.js';
import { olsrdText } from './olsrd-text.js';
import { respondd } from './respondd.js';

/** All that are recognised, in the order in which they are tried: those that say what they are come first. */
export const formats: readonly Format[] = [
  netjson,
  geojson,
  meshviewer,
  nodesJson,
  graphJson,
  nodelist,
  olsrdJson,
  batadvVis,
  batctlJson,
  respondd,
  olsrdText,
  batadvDot,
  olsrdDot,
  latlon,
  babeld,
  batctlText,
  freimapXml,
];
