import { cached, withDebianArchive } from '@weir/lab';
import { verify } from './checksum.js';

/**
 * QuickJS of Bellard and Gordon (MIT), as Debian has it. Not quickjs-ng: on these processors it was 22 percent slower and 17 percent larger,
 * and does not write bytecode for the other order of octets.
 */
export const ENGINE_VERSION = '2025-04-26';
const RELEASE = 'trixie';
export const ENGINE_SHA256 = 'ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe';

/** The engine's source, fetched from the archive that this machine's apt uses and held against its checksum. @returns its folder */
export function engineSource(): Promise<string> {
  return cached(`router/quickjs-${ENGINE_VERSION}`, folder =>
    withDebianArchive(RELEASE, 'amd64', archive =>
      archive.unpackSource('quickjs', folder, file => verify(file, 'sha256', 'hex', ENGINE_SHA256)),
    ),
  );
}
