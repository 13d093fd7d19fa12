// An hour or less of a made-up town's traffic, as Messages to a collector in this namespace.
import { exportTownTraffic, type TownSize } from '../../weir/town.js';
import { order, tell } from './tell.js';

const { size, port, minutes } = order<{ size: TownSize; port: number; minutes: number }>();
await exportTownTraffic(size, port, minutes);
tell({ minutes });
