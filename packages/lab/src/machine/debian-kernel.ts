import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { WeirError } from '../error.js';
import { cached } from './cache.js';
import { withDebianArchive } from './debian-archive.js';

/** A kernel of Debian, unpacked: what `uname -r` says in it, the image that boots, and the folder with its modules. */
export interface DebianKernel {
  version: string;
  image: string;
  modules: string;
}

/** Which of Debian's kernels. */
export interface KernelChoice {
  /** Debian's name for the kind of processor. */
  architecture: string;
  /** The package that always means the newest kernel of that kind: it depends on that kernel's own. */
  metaPackage: string;
}

const forVirtualMachines: KernelChoice = { architecture: 'amd64', metaPackage: 'linux-image-cloud-amd64' };

/**
 * The kernel of a release of Debian ("bookworm", "trixie"), for virtual machines of this machine's kind unless another is asked for, from
 * the same archive that this machine's apt uses. Kept in the user's cache folder.
 */
export async function debianKernel(
  release: string,
  { architecture, metaPackage } = forVirtualMachines,
): Promise<DebianKernel> {
  const name = architecture === forVirtualMachines.architecture ? release : `${release}-${architecture}`;
  const folder = await cached(join('kernels', name), unfinished =>
    withDebianArchive(release, architecture, archive =>
      archive.unpack([archive.behind(metaPackage, /^linux-image-/)], unfinished),
    ),
  );
  // Releases since trixie have all of it below /usr.
  const modules = ['usr/lib/modules', 'lib/modules'].map(each => join(folder, each)).find(existsSync);
  const version = modules && readdirSync(modules)[0];
  if (version === undefined)
    throw new WeirError(`no kernel in ${folder}; remove that folder, so that it is fetched anew`);
  return { version, image: join(folder, 'boot', `vmlinuz-${version}`), modules: join(modules!, version) };
}
