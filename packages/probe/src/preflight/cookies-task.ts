import { parentPort, workerData } from 'node:worker_threads';
import { SystemError } from '../host/host.js';
import { closeNamespace, enterNamespace, networkNamespaceCookie, openNamespace } from '../host/network-namespace.js';

/** Cookies of the network namespaces of these files, in whichever the thread is at the end. */
const cookies = (workerData as readonly string[]).flatMap(path => {
  try {
    const descriptor = openNamespace(path);
    try {
      enterNamespace(descriptor);
    } finally {
      closeNamespace(descriptor);
    }
    return [networkNamespaceCookie()];
  } catch (error) {
    // A namespace that went meanwhile has none; its file may still be there, and be no namespace any more.
    if (error instanceof SystemError && (error.code === 'ENOENT' || error.code === 'EINVAL')) return [];
    throw error;
  }
});
parentPort?.postMessage(cookies);
