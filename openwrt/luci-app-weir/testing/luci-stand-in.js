// A stand-in for LuCI's own scripts, for tests: what of them the pages of this package use, and no more, written by what LuCI documents.
// Texts, looks and validation of types are not LuCI's. It speaks to ubus over HTTP as LuCI does.

const RESOURCES = '/luci-static/resources/';

function _(text) {
  return globalThis.TRANSLATIONS?.[text] ?? text;
}

/** %s, %d, and %1000.2m or %1024.2m: a number with the prefix of its size. */
Object.defineProperty(String.prototype, 'format', {
  value(...values) {
    return this.replace(/%(?:(1000|1024)\.(\d)m|([sd]))/g, (_all, base, digits, kind) => {
      const value = values.shift();
      if (kind !== undefined) return kind === 'd' ? String(Math.trunc(value)) : String(value);
      const size = value > 0 ? Math.min(4, Math.max(0, Math.floor(Math.log(value) / Math.log(base)))) : 0;
      const prefix = [' ', ' K', ' M', ' G', ' T'][size] + (size > 0 && base === '1024' ? 'i' : '');
      return `${(value / base ** size).toFixed(digits)}${prefix}`;
    });
  },
});

/** A list is of nodes and texts. A text by itself is HTML, as in LuCI. */
function append(parent, children) {
  if (typeof children === 'string') parent.innerHTML = children;
  else for (const child of [children].flat()) if (child != null) parent.append(child);
  return parent;
}

/** E(name, attributes?, children?); of a list in the place of a name it makes a fragment. */
function E(name, ...rest) {
  const attributes = rest[0]?.constructor === Object ? rest.shift() : {};
  const made = Array.isArray(name) ? append(document.createDocumentFragment(), name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (typeof value === 'function') made.addEventListener(key, value);
    else made.setAttribute(key, value);
  return append(made, rest[0]);
}

/** As LuCI's classes: extend() makes a class of methods, and what is loaded is an instance of it. */
// biome-ignore lint/complexity/noStaticOnlyClass: that is how LuCI has it.
class Base {
  static extend(members) {
    const made = class extends Base {};
    Object.assign(made.prototype, members);
    return made;
  }
}

let number = 0;
const rpc = {
  async call(object, method, params) {
    number++;
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: number,
      method: 'call',
      params: ['session', object, method, params],
    });
    const answer = await (await fetch('/ubus/', { method: 'POST', body })).json();
    if (answer.error !== undefined || answer.result[0] !== 0)
      throw new Error(`${object}.${method}: ${answer.error?.message ?? answer.result[0]}`);
    return answer.result[1];
  },
  declare({ object, method, params = [], expect = {} }) {
    return async (...values) => {
      const named = Object.fromEntries(params.map((name, i) => [name, values[i]]));
      const answer = await rpc.call(object, method, named);
      const [key, fallback] = Object.entries(expect)[0] ?? ['', {}];
      return (key === '' ? answer : answer[key]) ?? fallback;
    };
  },
};

const fs = {
  read: async path => (await rpc.call('file', 'read', { path })).data,
  trimmed: path =>
    fs.read(path).then(
      text => text.trim(),
      () => '',
    ),
};

const uci = {
  known: {},
  changes: [],
  async load(configs) {
    for (const config of [configs].flat()) uci.known[config] ??= (await rpc.call('uci', 'get', { config })).values;
  },
  sections: (config, type) => Object.values(uci.known[config] ?? {}).filter(section => section['.type'] === type),
  get: (config, section, option) => uci.known[config]?.[section]?.[option],
  set(config, section, option, value) {
    uci.changes.push(['set', { config, section, values: { [option]: value } }]);
    uci.known[config][section][option] = value;
  },
  unset(config, section, option) {
    if (uci.get(config, section, option) === undefined) return;
    uci.changes.push(['delete', { config, section, options: [option] }]);
    delete uci.known[config][section][option];
  },
  async save() {
    for (const [method, params] of uci.changes.splice(0)) await rpc.call('uci', method, params);
  },
};

class Value {
  choices = [];
  default = undefined;
  rmempty = true;

  constructor(name, title, description) {
    Object.assign(this, { name, title, description });
  }

  value(key, title) {
    this.choices.push([key, title ?? key]);
  }

  input(value) {
    return E('input', { value: value ?? '', placeholder: this.placeholder ?? '' });
  }

  read(field) {
    return field.value;
  }

  render(value) {
    this.field = this.input(value);
    this.field.dataset.option = this.name;
    this.complaint = E('span', { class: 'error' });
    const label = E('label', {}, [E('b', {}, [this.title]), this.field, this.complaint]);
    return append(E('div', { class: 'cbi-value' }), [label, E('small', {}, [this.description ?? ''])]);
  }

  save(config, section) {
    const value = this.read(this.field);
    const judgement = [value]
      .flat()
      .map(each => this.validate?.(section, each) ?? true)
      .find(each => each !== true);
    this.complaint.textContent = judgement ?? '';
    if (judgement !== undefined) throw new Error(judgement);
    if (this.rmempty && (value === '' || value.length === 0 || value === this.default))
      uci.unset(config, section, this.name);
    else uci.set(config, section, this.name, value);
  }
}

class Flag extends Value {
  input(value) {
    const box = E('input', { type: 'checkbox' });
    box.checked = (value ?? this.default) === '1';
    return box;
  }

  read(field) {
    return field.checked ? '1' : '0';
  }
}

class ListValue extends Value {
  input(value) {
    const list = E(
      'select',
      {},
      this.choices.map(([key, title]) => E('option', { value: key }, [title])),
    );
    list.value = value ?? this.default;
    return list;
  }
}

class DynamicList extends Value {
  input(value) {
    return E('textarea', { placeholder: this.placeholder ?? '' }, [[value ?? []].flat().join('\n')]);
  }

  read(field) {
    return field.value.split('\n').filter(line => line !== '');
  }
}

class TypedSection {
  tabs = [];
  options = [];

  constructor(type) {
    this.type = type;
  }

  tab(name, title) {
    this.tabs.push([name, title]);
  }

  taboption(tab, Kind, name, title, description) {
    const option = new Kind(name, title, description);
    this.options.push(Object.assign(option, { tab }));
    return option;
  }

  render(config) {
    const section = uci.sections(config, this.type)[0];
    return this.tabs.map(([tab, title]) =>
      append(
        E('fieldset', {}, [E('legend', {}, [title])]),
        this.options.filter(option => option.tab === tab).map(option => option.render(section[option.name])),
      ),
    );
  }

  save(config) {
    const section = uci.sections(config, this.type)[0]['.name'];
    for (const option of this.options) option.save(config, section);
  }
}

class ConfigMap {
  parts = [];
  static last;

  constructor(config, title, description) {
    Object.assign(this, { config, title, description });
    ConfigMap.last = this;
  }

  section(Kind, type) {
    const section = new Kind(type);
    this.parts.push(section);
    return section;
  }

  async render() {
    await uci.load(this.config);
    const heading = [E('h2', {}, [this.title]), E('p', {}, [this.description])];
    return append(E('div', { class: 'cbi-map' }), [heading, this.parts.map(part => part.render(this.config))].flat(3));
  }

  async save() {
    for (const part of this.parts) part.save(this.config);
    await uci.save();
  }
}

const poll = { tasks: [], add: (task, seconds) => poll.tasks.push([task, seconds]) };
const dom = {
  content(node, children) {
    node.replaceChildren();
    append(node, children);
  },
};

const L = {
  bind: (method, self) => method.bind(self),
  resolveDefault: (promise, fallback) => Promise.resolve(promise).catch(() => fallback),
  toArray: value => (value == null || value === '' ? [] : [value].flat()),
  url: path => `/cgi-bin/luci/${path}`,
};

const modules = {
  baseclass: Base,
  dom,
  form: { Map: ConfigMap, TypedSection, Value, Flag, ListValue, DynamicList },
  fs,
  poll,
  rpc,
  uci,
  view: Base,
};

/** Runs a script of the package with what it requires. @returns an instance of what it defines */
async function load(name) {
  if (modules[name] !== undefined) return modules[name];
  const text = await (await fetch(`${RESOURCES}${name.replaceAll('.', '/')}.js`)).text();
  const required = [...text.matchAll(/^'require (\S+?)(?: as (\S+?))?';$/gm)].map(([, module, alias]) => [
    module,
    alias ?? module,
  ]);
  const values = [];
  for (const [module] of required) values.push(await load(module));
  const names = ['_', 'E', 'L', ...required.map(([, alias]) => alias)];
  modules[name] = new (new Function(...names, text)(_, E, L, ...values))();
  return modules[name];
}

/** Shows a view, with a button that saves where it has a form. */
async function show(name) {
  const shown = await load(`view.${name.replaceAll('/', '.')}`);
  const contents = await shown.render(await shown.load?.());
  const tell = title => () => {
    document.title = title;
  };
  const click = () => ConfigMap.last.save().then(tell('saved'), tell('refused'));
  const save = E('button', { click }, ['Save']);
  append(document.getElementById('view'), shown.handleSave === null ? contents : [contents, save]);
  for (const [task, seconds] of poll.tasks) setInterval(task, 1000 * seconds);
}

show(document.body.dataset.view);
