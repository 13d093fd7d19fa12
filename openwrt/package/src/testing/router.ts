import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openwrt } from '../packages.js';
import { StandInUbus } from './ubus.js';

const app = join(openwrt, 'luci-app-weir');

/** A web server like a router's: the package's scripts, a stand-in for LuCI's, and ubus. */
export class StandInRouter {
  readonly ubus = new StandInUbus();
  /** Texts by what they translate. */
  translations: Readonly<Record<string, string>> = {};
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        const [type, content] = this.#answer(request.url ?? '', Buffer.concat(chunks).toString());
        response.writeHead(content === undefined ? 404 : 200, { 'content-type': type }).end(content);
      });
    });
  }

  /** @returns where it is */
  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(path: string, body: string): [type: string, content?: string] {
    if (path.startsWith('/ubus')) return ['application/json', JSON.stringify(this.ubus.answer(body))];
    if (path.startsWith('/view/')) return ['text/html; charset=utf-8', this.#page(path.slice('/view/'.length))];
    if (path === '/luci-stand-in.js')
      return ['text/javascript', readFileSync(join(app, 'testing/luci-stand-in.js'), 'utf8')];
    if (path === '/favicon.ico') return ['image/x-icon', ''];
    const script = /^\/luci-static\/resources\/([a-z/]+\.js)$/.exec(path)?.[1];
    if (script === undefined) return ['text/plain'];
    return ['text/javascript', readFileSync(join(app, 'htdocs/luci-static/resources', script), 'utf8')];
  }

  #page(view: string): string {
    return `<!doctype html><meta charset="utf-8"><title>Router</title><style>${STYLE}</style>
<body data-view="${view}"><div id="view"></div>
<script>globalThis.TRANSLATIONS = ${JSON.stringify(this.translations)};</script><script src="/luci-stand-in.js"></script>`;
  }
}

/** Enough to read a picture of it. */
const STYLE = `body { font: 14px sans-serif; max-width: 1000px; margin: 1em auto } table { width: 100%; border-collapse: collapse }
td, th { text-align: left; padding: .3em; border-bottom: 1px solid #ccc } .right { text-align: right } label { display: flex; gap: 1em }
label b { width: 16em } .alert-message { border: 1px solid; padding: .5em; margin: .5em 0 } .danger { color: #a00 } .warning { color: #850 }`;
