import { fileURLToPath } from 'node:url';

/** The programs of the kernel meter, compiled from the repository's bpf/ by `npm run generate`. */
export function meterObjectPath(): string {
  return fileURLToPath(new URL('../../bpf/meter.bpf.o', import.meta.url));
}
