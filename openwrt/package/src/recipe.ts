import { readFileSync } from 'node:fs';
import type { Package } from './package.js';

type Recipe = Omit<Package, 'files' | 'architecture'>;

/** What the Makefile for OpenWrt's SDK says of the package, so that it is said once. @throws Error naming what is missing there */
export function readRecipe(makefile: string): Recipe {
  const text = readFileSync(makefile, 'utf8');
  const found = (what: string, pattern: RegExp): string => {
    const value = pattern.exec(text)?.[1];
    if (value === undefined) throw new Error(`${makefile} says nothing of ${what}`);
    return value.trim();
  };
  const variable = (name: string) => found(name, new RegExp(`^\\s*${name}:=(.*)$`, 'm'));
  const definition = (name: string) => new RegExp(`^define Package/\\S+/${name}\\n([^]*?)\\nendef`, 'm');
  const conffiles = definition('conffiles').exec(text)?.[1] ?? '';
  return {
    name: variable('PKG_NAME'),
    version: variable('PKG_VERSION'),
    release: Number(variable('PKG_RELEASE')),
    license: variable('PKG_LICENSE'),
    maintainer: variable('PKG_MAINTAINER'),
    title: variable('(?:LUCI_)?TITLE'),
    section: variable('(?:LUCI_)?SECTION'),
    depends: dependencies(variable('(?:LUCI_)?DEPENDS')),
    description: found('the description', definition('description'))
      .split('\n')
      .map(line => line.trim())
      .join('\n'),
    conffiles: conffiles.split('\n').filter(line => line !== ''),
    // In make "$$" is one "$".
    afterInstall: (definition('postinst').exec(text)?.[1] ?? '').replaceAll('$$', '$'),
  };
}

/** "+NAME" is installed along; "@SYMBOL" is of the build alone. */
function dependencies(text: string): string[] {
  return text
    .split(' ')
    .filter(each => each.startsWith('+'))
    .map(each => each.slice(1));
}
