import type { Subject } from '../subjects/subject.js';

/** Nothing in an exporter's place, so that the traffic by itself runs under the same conditions. */
export const noExporter: Subject = {
  name: 'no exporter',
  meters: 'connections',
  needs: [],
  async start({ lab, namespace }) {
    const process = lab.own(namespace.start(['sleep', 'infinity']));
    return {
      process,
      async stop() {
        await process.stop();
      },
    };
  },
};
