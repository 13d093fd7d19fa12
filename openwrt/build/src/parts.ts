import { join } from 'node:path';
import type { Plugin } from 'rolldown';
import { repository } from './targets.js';

const probe = join(repository, 'packages/probe/dist');

/**
 * Parts of the program that most settings do not need: each is a script of its own, read when one of its functions is called for the first
 * time, because what is read takes memory. A part has its modules, and copies of those that they import.
 */
export const PARTS: Readonly<Record<string, readonly Module[]>> = {
  selecting: [
    { id: join(repository, 'packages/flow/dist/index.js'), functions: ['octetRange', 'parseFilter', 'parseNetwork'] },
    { id: join(probe, 'selecting/record-filter.js'), functions: ['recordFilter'] },
    { id: join(probe, 'selecting/key-filter.js'), functions: ['KeyFilter'] },
    { id: join(probe, 'selecting/socket-filter.js'), functions: ['socketFilter'] },
    { id: join(probe, 'selecting/flow-sampler.js'), functions: ['FlowSampler', 'samplingTemplate'] },
    { id: join(probe, 'selecting/anonymiser.js'), functions: ['Anonymiser'] },
  ],
  networks: [{ id: join(probe, 'routing/as-numbers.js'), functions: ['readAsNumbers'] }],
  tcp: [{ id: join(probe, 'router/tcp-sink.js'), functions: ['TcpSink'] }],
};

interface Module {
  readonly id: string;
  /** Functions and classes that the rest of the program uses. */
  readonly functions: readonly string[];
}

/** Where a part leaves its functions for the host to find. */
const GLOBAL = 'weirPart';
const LOADER = 'weir:part-loader';
/** What a part's script begins with. */
export const ENTRY = 'weir:part:';

/** In the main script: functions and classes in their places, which read the part. */
export function partsApart(): Plugin {
  const load = (id: string): string | null => {
    if (id === LOADER) return `const read = {}; export const part = name => (read[name] ??= weirHost.readPart(name));`;
    for (const [part, modules] of Object.entries(PARTS)) {
      const module = modules.find(each => each.id === id);
      if (module !== undefined) return standIns(part, module.functions);
    }
    return null;
  };
  return { name: 'parts apart', resolveId: id => (id === LOADER ? id : null), load };
}

function standIns(part: string, functions: readonly string[]): string {
  const lines = functions.map(name =>
    /^[A-Z]/.test(name)
      ? `export function ${name}(...given) { return new (part('${part}').${name})(...given); }`
      : `export const ${name} = (...given) => part('${part}').${name}(...given);`,
  );
  return [`import { part } from '${LOADER}';`, ...lines].join('\n');
}

/** The part's own script. */
export function partEntry(): Plugin {
  const load = (id: string): string | null => {
    if (!id.startsWith(ENTRY)) return null;
    const modules = PARTS[id.slice(ENTRY.length)]!;
    const imports = modules.map(module => `import { ${module.functions.join(', ')} } from '${module.id}';`);
    const all = modules.flatMap(({ functions }) => functions);
    return [...imports, `globalThis.${GLOBAL} = { ${all.join(', ')} };`].join('\n');
  };
  return { name: 'part', resolveId: id => (id.startsWith(ENTRY) ? id : null), load };
}
