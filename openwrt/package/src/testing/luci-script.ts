import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openwrt } from '../packages.js';

/** As LuCI's `_`: a text, in which values can be filled. */
const translate = (text: string) => Object.assign(new String(text), { format: () => text });

/** What a script of LuCI's pages defines that requires nothing but a base class. */
export function luciScript<Methods>(name: string): Methods {
  const text = readFileSync(join(openwrt, `luci-app-weir/htdocs/luci-static/resources/weir/${name}.js`), 'utf8');
  const baseclass = { extend: (methods: Methods) => methods };
  return new Function('baseclass', '_', text)(baseclass, translate);
}
