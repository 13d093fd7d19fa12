import { type Graph, layOut } from './force.js';

// Off the page's thread: a large graph takes seconds, and its places are shown as they settle.
addEventListener('message', ({ data }: MessageEvent<Graph>) => {
  for (const places of layOut(data)) postMessage(places, { transfer: [places.buffer] });
  close();
});
