import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import { json } from '../openapi.js';
import type { ProbeClient } from '../probes/client.js';

const named = Type.Object({ name: Type.String({ description: 'of the probe' }) });
const changes = Type.Record(Type.String(), Type.Unknown(), {
  description: 'new values by key; null takes the key out of the file, so that its default holds',
});
const revision = Type.String({ description: 'of the state that the change was made from' });
const checkBody = Type.Object({ changes }, { additionalProperties: false });
const applyBody = Type.Object({ changes, revision }, { additionalProperties: false });
const undoBody = Type.Object({ revision }, { additionalProperties: false });
const restartBody = Type.Object({}, { additionalProperties: false });
const mendBody = Type.Object(
  { id: Type.String(), namespace: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
type Named = { Params: Static<typeof named> };

const errors = {
  404: 'there is no such probe',
  409: 'the configuration has changed meanwhile, or there is nothing to write to, to undo, or to mend',
  422: 'the probe refuses, and all is as it was',
  502: 'the probe failed to answer',
};

/** Passes on what the probes say of their configuration, and changes of it. */
export function probeRoutes(app: FastifyInstance, { probes }: ApiContext): void {
  const find = (name: string): ProbeClient => {
    const probe = probes.find(each => each.name === name);
    if (probe !== undefined) return probe;
    throw new RequestError(404, `there is no probe "${name}" here: the option --probe names those that there are`);
  };
  const list = 'Probes that can be set up from here';
  app.get(
    '/api/v1/probe',
    { schema: { operationId: 'probes', description: list, response: json('Probes', list) } },
    async () => ({
      probes: probes.map(({ name, where, tokenFile }) => ({
        ...{ name, where },
        ...(tokenFile === undefined ? {} : { tokenFile }),
      })),
    }),
  );
  readRoutes(app, find);
  changeRoutes(app, find);
}

type Find = (name: string) => ProbeClient;

function readRoutes(app: FastifyInstance, find: Find): void {
  const state = 'How a probe is set up, and what its settings mean';
  app.get<Named>(
    '/api/v1/probe/:name/setup',
    {
      schema: {
        operationId: 'probeSetup',
        description: state,
        params: named,
        response: json('ProbeState', state, errors),
      },
    },
    async ({ params }) => find(params.name).ask('GET', '/setup'),
  );
  const findings = 'What stands in the way of metering';
  app.get<Named>(
    '/api/v1/probe/:name/findings',
    {
      schema: {
        operationId: 'probeFindings',
        description: findings,
        params: named,
        response: json('ProbeFindings', findings, errors),
      },
    },
    async ({ params }) => find(params.name).ask('GET', '/findings'),
  );
}

function changeRoutes(app: FastifyInstance, find: Find): void {
  const post = <Body>(
    path: string,
    answer: 'ProbeCheck' | 'ProbeChanged' | 'ProbeState' | 'ProbeFindings',
    body: object,
    description: string,
    detail: (body: Body) => string,
  ) => {
    const operationId = `probe${path[0]!.toUpperCase()}${path.slice(1)}`;
    const schema = { operationId, description, params: named, body, response: json(answer, description, errors) };
    app.post<Named & { Body: object }>(`/api/v1/probe/:name/${path}`, { schema }, async request => {
      request.auditDetail = `${request.params.name}: ${detail(request.body as Body)}`;
      return find(request.params.name).ask('POST', `/${path}`, request.body as object);
    });
  };
  const keysOf = (body: Static<typeof checkBody>) => Object.keys(body.changes).join(', ');
  post('check', 'ProbeCheck', checkBody, 'What a change would come to; nothing is changed', keysOf);
  post('apply', 'ProbeChanged', applyBody, 'Change settings; where one is refused all is as it was', keysOf);
  post(
    'undo',
    'ProbeChanged',
    undoBody,
    'Put the settings back to those before the last change',
    () => 'the last change',
  );
  post(
    'restart',
    'ProbeState',
    restartBody,
    'Start the probe again by its file; the answer comes once it meters. Where it does not start with that, it works as before',
    () => 'the probe',
  );
  post(
    'mend',
    'ProbeFindings',
    mendBody,
    'Mend what stands in the way of metering',
    ({ id }: Static<typeof mendBody>) => id,
  );
}
