import { labNamespaces, removeNamespace } from './namespace.js';

/** Removes the namespaces of labs whose process is gone (killed before it could tear down). Returns their names. */
export function clearLeftovers(): string[] {
  const dead = labNamespaces().filter(({ pid }) => !isAlive(pid));
  for (const { name } of dead) removeNamespace(name);
  return dead.map(({ name }) => name);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM';
  }
}
