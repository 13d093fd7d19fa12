import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { sender, TestExporter, until } from '../../collecting/testing/exporter.js';
import { type Collector, startCollector } from '../../main/start.js';
import { noDatabases } from '../../main/testing/options.js';
import type { MeshChanges } from '../types.js';
import { writeMeshFeed } from './mesh-feed.js';

interface Answer {
  description: string;
  content: Record<string, { schema: Schema }>;
}
interface Operation {
  operationId: string;
  description: string;
  parameters?: { name: string; in: string; description?: string; schema: Schema }[];
  responses: Record<string, Answer>;
}
export interface Description {
  openapi: string;
  paths: Record<string, { get?: Operation; post?: Operation }>;
  components: { schemas: Record<string, Schema>; securitySchemes: object };
}
type Schema = { [key: string]: unknown };

/** A collector with something of everything, and what it says of its own answers. */
export class DescribedCollector {
  private constructor(
    readonly directory: string,
    readonly collector: Collector,
    readonly description: Description,
  ) {}

  static async start(): Promise<DescribedCollector> {
    const directory = mkdtempSync(join(tmpdir(), 'weir-openapi-'));
    writeMeshFeed(join(directory, 'mesh.json'), 7, 255);
    const collector = await startCollector({
      ...noDatabases,
      topology: [`city=${join(directory, 'mesh.json')}`],
      alerts: ['log=syslog+udp://127.0.0.1:9'],
      'alert-routes': [{ kinds: ['scan'], 'at-least': ['50 targets'], times: 2, channels: ['log'] }],
      'alert-mute': ['scan=net 192.0.2.0/24 until 2999-01-01T00:00:00Z'],
      reports: [{ name: 'board', network: '10.0.0.0/8', filter: 'proto tcp' }],
      accounts: [{ name: 'office', networks: ['10.0.0.0/8'], quota: '1G' }],
      data: directory,
      http: '127.0.0.1:0',
      listen: ['udp://127.0.0.1:0'],
    });
    await fill(collector);
    const description = (await (await fetch(new URL('/api/v1/openapi.json', collector.http))).json()) as Description;
    return new DescribedCollector(directory, collector, description);
  }

  readonly get = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(new URL(path, this.collector.http), init);

  /** What of an answer is not as it is described, a line each. */
  readonly problems = (path: string, status: number, type: string, value: unknown): string[] => {
    const { get: read, post } = this.description.paths[path]!;
    const answer = (read ?? post)!.responses[status]!;
    const schema = this.#strict(answer.content[type]!.schema) as never;
    return Value.Errors(schema, value).map(error => `${error.instancePath}: ${error.message}`);
  };

  /** What a reference leads to. */
  target(reference: string): Schema {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? '';
    const found = this.description.components.schemas[name];
    if (found === undefined) throw new Error(`${reference} leads nowhere`);
    return found;
  }

  async stop(): Promise<void> {
    await this.collector.stop();
    rmSync(this.directory, { recursive: true });
  }

  /** The schema with its references put in; nothing that it does not name may be in an object, unless it says so. */
  #strict(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map(each => this.#strict(each));
    if (typeof schema !== 'object' || schema === null) return schema;
    const { $ref, ...rest } = schema as Schema;
    if (typeof $ref === 'string') return this.#strict(this.target($ref));
    const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, this.#strict(value)]));
    return 'properties' in inner ? { additionalProperties: false, ...inner } : inner;
  }
}

/** Fifty Flow Records, statistics, an interface's name, a change of the mesh. */
async function fill(collector: Collector): Promise<void> {
  const get = (path: string) => fetch(new URL(path, collector.http));
  const exporter = new TestExporter();
  const { send, close } = sender(Number(new URL(collector.listening[0]!).port));
  await send(exporter.templates());
  for (let i = 0; i < 5; i++) await send(exporter.flows(10));
  await send(exporter.statistics(50n, 0n), exporter.interfaceName(7, 'wan'));
  close();
  await until(() => collector.status().exporters[0]?.statistics !== undefined);
  await until(async () => (await (await get('/api/v1/records')).text()).split('\n').length > 50);
  const changes = async () => (await (await get('/api/v1/mesh/changes?from=-1h')).json()) as MeshChanges;
  await until(async () => (await changes()).changes.length > 0);
}
