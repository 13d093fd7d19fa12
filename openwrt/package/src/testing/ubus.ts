import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openwrt } from '../packages.js';

type Values = Record<string, string | string[]>;
type Answer = [number] | [number, object];

/** What the package's access list allows who is logged in to LuCI, and what LuCI's own allows everybody who is. */
interface Grants {
  readonly ubus?: Readonly<Record<string, readonly string[]>>;
  readonly file?: Readonly<Record<string, readonly string[]>>;
  readonly uci?: readonly string[];
}

const DENIED: Answer = [6];
const NOT_FOUND: Answer = [4];
const UCI_METHODS = ['get', 'changes', 'set', 'delete', 'add', 'apply', 'confirm'];

/** A stand-in for ubus and rpcd on a router: files, UCI, connections and services as a test sets them, behind the package's access list. */
export class StandInUbus {
  readonly files = new Map<string, string>();
  readonly uci = new Map<string, Map<string, Values>>();
  connections: object[] = [];
  services: object = {};
  /** Calls that the access list does not allow: there should be none. */
  readonly denied: string[] = [];
  readonly #grants: readonly Grants[];

  constructor() {
    const file = join(openwrt, 'luci-app-weir/root/usr/share/rpcd/acl.d/luci-app-weir.json');
    const { read, write } = JSON.parse(readFileSync(file, 'utf8'))['luci-app-weir'];
    this.#grants = [read, write];
  }

  /** Answers a request of JSON-RPC, or several at once, as uhttpd-mod-ubus does. */
  answer(body: string): object {
    const request = JSON.parse(body) as Request | Request[];
    return Array.isArray(request) ? request.map(each => this.#one(each)) : this.#one(request);
  }

  #one({ id, params: [, object, method, args] }: Request): object {
    return { jsonrpc: '2.0', id, result: this.#call(object, method, args ?? {}) };
  }

  #call(object: string, method: string, args: Arguments): Answer {
    if (object === 'uci') return this.#uci(method, args);
    const allowed = this.#grants.some(grants => grants.ubus?.[object]?.includes(method));
    if (!allowed) return this.#deny(`${object}.${method}`);
    if (object === 'file') return this.#read(args.path!);
    if (object === 'service') return [0, this.services];
    if (object === 'luci') return [0, { result: this.connections }];
    return NOT_FOUND;
  }

  #read(path: string): Answer {
    if (!this.#grants.some(grants => grants.file?.[path]?.includes('read'))) return this.#deny(`file ${path}`);
    const data = this.files.get(path);
    return data === undefined ? NOT_FOUND : [0, { data }];
  }

  #uci(method: string, { config, section, values, options }: Arguments): Answer {
    const [read, write] = this.#grants;
    const reads = method === 'get' || method === 'changes';
    if (config !== undefined && !(reads ? read! : write!).uci?.includes(config))
      return this.#deny(`uci ${method} ${config}`);
    if (!UCI_METHODS.includes(method)) return NOT_FOUND;
    if (method === 'changes') return [0, { changes: {} }];
    const sections = this.uci.get(config!) ?? new Map<string, Values>();
    if (method === 'get') return [0, { values: Object.fromEntries(sections) }];
    const changed = sections.get(section!);
    if (changed === undefined) return NOT_FOUND;
    Object.assign(changed, values);
    for (const option of options ?? []) delete changed[option];
    return [0];
  }

  #deny(what: string): Answer {
    this.denied.push(what);
    return DENIED;
  }
}

interface Request {
  readonly id: number;
  readonly params: [session: string, object: string, method: string, args?: Arguments];
}

interface Arguments {
  readonly path?: string;
  readonly config?: string;
  readonly section?: string;
  readonly values?: Values;
  readonly options?: readonly string[];
}
