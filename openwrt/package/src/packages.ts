import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ARCHITECTURES } from './architectures.js';
import { lmo } from './lmo.js';
import type { Package } from './package.js';
import { readCatalogue } from './po.js';
import { readRecipe } from './recipe.js';
import { filesBelow } from './tree.js';

/** The same from `src/` (tests) and from `dist/`. */
export const openwrt = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const LANGUAGES: Readonly<Record<string, string>> = { de: 'Deutsch (German)' };

/** Where `npm run build:router` leaves the program of a target. */
export function programOf(target: string): string {
  return join(dirname(openwrt), 'build', 'router', target, 'weir-probe');
}

/** The probe for each architecture of a target. @param program its file @throws Error where it has not been built */
export function probePackages(target: string, program = programOf(target)): Package[] {
  if (!existsSync(program))
    throw new Error(`there is no ${program}: build it first, by npm run build:router -- ${target}`);
  const folder = join(openwrt, 'weir-probe');
  const recipe = readRecipe(join(folder, 'Makefile'));
  const files = [
    ...filesBelow(join(folder, 'files')),
    { path: 'usr/sbin/weir-probe', mode: 0o755, content: readFileSync(program) },
  ];
  return ARCHITECTURES[target].map(architecture => ({ ...recipe, architecture, files }));
}

/** The pages in LuCI, and their translations, each a package of its own as LuCI has it. */
export function luciPackages(): Package[] {
  const folder = join(openwrt, 'luci-app-weir');
  const recipe = readRecipe(join(folder, 'Makefile'));
  // As luci.mk does.
  const files = [...filesBelow(join(folder, 'root')), ...filesBelow(join(folder, 'htdocs'), 'www')];
  const translations = readdirSync(join(folder, 'po')).filter(language => language in LANGUAGES);
  const app: Package = { ...recipe, architecture: undefined, files };
  return [app, ...translations.map(language => translation(app, language))];
}

function translation(app: Package, language: string): Package {
  const catalogue = readFileSync(join(openwrt, 'luci-app-weir', 'po', language, 'weir.po'), 'utf8');
  const name = `luci-i18n-weir-${language}`;
  const title = `${app.name} - ${language} translation`;
  const defaults = `uci set luci.languages.${language}='${LANGUAGES[language]}'; uci commit luci\n`;
  return {
    ...app,
    name,
    title,
    description: title,
    depends: [app.name],
    files: [
      { path: `etc/uci-defaults/${name}`, mode: 0o644, content: Buffer.from(defaults) },
      { path: `usr/lib/lua/luci/i18n/weir.${language}.lmo`, mode: 0o644, content: lmo(readCatalogue(catalogue)) },
    ],
  };
}
