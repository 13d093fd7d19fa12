import mapScript from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import forceScript from '../layout/force.worker.ts?worker&url';

interface Policies {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string | undefined }): unknown;
}

export const SCRIPTS = {
  map: new URL(mapScript, import.meta.url).href,
  force: new URL(forceScript, import.meta.url).href,
};

let allowed = false;

/**
 * Lets these two scripts, and no others, become workers. The policy must be the default one, because MapLibre makes its worker
 * of a text.
 */
export function allowWorkers(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: Policies };
  if (allowed || trustedTypes === undefined) return;
  allowed = true;
  const known = Object.values(SCRIPTS);
  trustedTypes.createPolicy('default', {
    createScriptURL: url => (known.includes(new URL(url, location.href).href) ? url : undefined),
  });
}
