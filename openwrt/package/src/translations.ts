import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openwrt } from './packages.js';
import { template, textsOf } from './po.js';
import { filesBelow } from './tree.js';

const app = join(openwrt, 'luci-app-weir');

/** Texts of LuCI's pages that can be translated. */
export function textsOfPages(): string[] {
  const scripts = filesBelow(join(app, 'htdocs')).map(({ content }) => Buffer.from(content).toString());
  return textsOf(scripts, readFileSync(join(app, 'root/usr/share/luci/menu.d/luci-app-weir.json'), 'utf8'));
}

/** The catalogue that a translation of LuCI's pages begins with: where it stands in the repository, and its text. */
export function translationTemplate(): { path: string; content: string } {
  return { path: 'openwrt/luci-app-weir/po/templates/weir.pot', content: template(textsOfPages()) };
}
