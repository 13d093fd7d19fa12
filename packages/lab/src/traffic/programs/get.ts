// One HTTP GET, so that a page that listens on a namespace's loopback can be asked from outside of it.
import { order, tell } from './tell.js';

const { url } = order<{ url: string }>();
const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
tell({ status: response.status, type: response.headers.get('content-type') ?? '', body: await response.text() });
