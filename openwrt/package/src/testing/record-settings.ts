import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openwrt } from '../packages.js';

/** An option as LuCI's page of settings asks for it. */
export interface RecordedOption {
  readonly kind: string;
  readonly name: string;
  readonly description?: string;
  readonly choices?: string[];
  datatype?: string;
  default?: string;
  placeholder?: string;
  validate?: (section: string, value: string) => true | string;
}

/** Runs the page of settings with a form that shows nothing. */
export function recordSettings(): RecordedOption[] {
  const options: RecordedOption[] = [];
  const section = {
    tab: () => {},
    taboption: (_tab: string, kind: string, name: string, _title: string, description?: string) => {
      const choices: string[] = [];
      const option = { kind, name, description, choices, value: (key: string) => choices.push(key) };
      options.push(option as unknown as RecordedOption);
      return option;
    },
  };
  const kinds = Object.fromEntries(
    ['Flag', 'Value', 'ListValue', 'DynamicList', 'TypedSection'].map(kind => [kind, kind]),
  );
  const form = {
    ...kinds,
    Map: function FormMap() {
      return { section: () => section, render: () => {} };
    },
  };
  const view = { extend: (methods: { render(): void }) => methods };
  const script = readFileSync(
    join(openwrt, 'luci-app-weir/htdocs/luci-static/resources/view/weir/settings.js'),
    'utf8',
  );
  new Function('view', 'form', '_', script)(view, form, (text: string) => text).render();
  return options;
}
