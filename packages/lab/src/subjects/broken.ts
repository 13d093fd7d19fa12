import { breakers } from './breaking.js';
import { judgeEnd } from './ending.js';
import { startSubjectProgram } from './programs.js';
import { exportPort, type Subject } from './subject.js';
import { startProbe } from './weir.js';

const RELAY_PORT = 4741;

/** Weir's probe with a relay behind it that falsifies what it exports. */
function broken(name: string): Subject {
  return {
    name,
    meters: 'connections',
    needs: [],
    async start(order) {
      const ports = { from: RELAY_PORT, to: exportPort };
      const relay = order.lab.own(startSubjectProgram(order.namespace, 'relay', { breaker: name, ...ports }));
      await relay.output(/"ready":true/, 10);
      const { process, stop } = await startProbe(order, `tcp://127.0.0.1:${RELAY_PORT}`, ['--spool', 'none']);
      return {
        process,
        async stop() {
          await stop();
          // It ends when the probe has closed the connection and all that came over it is passed on.
          judgeEnd(relay, await relay.ended(), 0);
        },
      };
    },
  };
}

/** Exporters that each are wrong in one way, to show that a verdict finds it. */
export const brokenSubjects: readonly Subject[] = Object.keys(breakers).map(broken);
