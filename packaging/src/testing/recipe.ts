import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packaging } from '../paths.js';

/** What a container's recipe says, as far as Weir's use it. */
export interface Recipe {
  /** Commands for a shell, which see the packages in /packages. */
  readonly run: readonly string[];
  readonly user: string;
  readonly volumes: readonly string[];
  /** PORT/PROTOCOL */
  readonly ports: readonly string[];
  readonly command: readonly string[];
  readonly health: readonly string[] | undefined;
}

/** What `RUN` begins with where it sees the folder that is built from. */
const PACKAGES = '--mount=type=bind,target=/packages ';

/** @param name as in packaging/container/NAME.Containerfile @throws Error for what is not understood here */
export function readRecipe(name: string): Recipe {
  const text = readFileSync(join(packaging, 'container', `${name}.Containerfile`), 'utf8');
  const said: Record<string, string[]> = {};
  for (const line of text
    .replace(/^#.*\n/gm, '')
    .replace(/\s*\\\n\s*/g, ' ')
    .split('\n')) {
    const [instruction, rest] = [line.split(' ', 1)[0]!, line.slice(line.indexOf(' ') + 1)];
    if (line !== '') (said[instruction] ??= []).push(rest);
  }
  const {
    ARG,
    FROM,
    RUN = [],
    USER = ['root'],
    VOLUME = [],
    EXPOSE = [],
    HEALTHCHECK,
    ENTRYPOINT,
    CMD,
    ...others
  } = said;
  const strange = [...Object.keys(others), ...RUN.filter(command => !command.startsWith(PACKAGES))];
  if (strange.length > 0 || ARG === undefined || FROM?.[0] !== `\${BASE}`)
    throw new Error(`${name}.Containerfile: this test does not understand ${strange.join(', ') || 'where it begins'}`);
  return {
    run: RUN.map(command => command.slice(PACKAGES.length)),
    user: USER.at(-1)!,
    volumes: VOLUME.flatMap(each => each.split(' ')),
    ports: EXPOSE.flatMap(each => each.split(' ')),
    command: [...JSON.parse(ENTRYPOINT![0]!), ...JSON.parse(CMD![0]!)],
    health: HEALTHCHECK && JSON.parse(HEALTHCHECK[0]!.slice(HEALTHCHECK[0]!.indexOf('CMD ') + 4)),
  };
}
