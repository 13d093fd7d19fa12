import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Access } from '../access.js';
import { checkOrigin } from '../csrf.js';
import { json } from '../openapi.js';
import type { AuditLines, Me } from '../types.js';

const credentials = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'of the user; none: with the token' })),
    secret: Type.String({ minLength: 1, maxLength: 1024, description: "the user's password, or the token" }),
  },
  { additionalProperties: false },
);

const auditParameters = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  before: Type.Optional(Type.Number({ description: 'milliseconds since the epoch: only lines from before' })),
});

/** Who one is, logging in and out, and who changed what. */
export function accessRoutes(app: FastifyInstance, access: Access): void {
  const who = 'Who the asker is, and what he may do';
  app.get(
    '/api/v1/me',
    { config: { role: 'none' }, schema: { operationId: 'me', description: who, response: json('Me', who) } },
    async (request): Promise<Me> => access.meOf(request),
  );
  loginRoute(app, access);
  const logout = 'End the session';
  app.post(
    '/api/v1/logout',
    {
      config: { role: 'viewer' },
      schema: { operationId: 'logout', description: logout, response: json('Me', logout) },
    },
    async (request, reply): Promise<Me> => {
      const { cookie, principal } = access.logOut(request);
      void reply.header('set-cookie', cookie);
      return access.meOf(request, principal);
    },
  );
  const audit = 'Changes, logins and refusals, newest first';
  app.get<{ Querystring: Static<typeof auditParameters> }>(
    '/api/v1/audit',
    {
      config: { role: 'operator' },
      schema: {
        operationId: 'audit',
        description: audit,
        querystring: auditParameters,
        response: json('AuditLines', audit),
      },
    },
    async ({ query: { before = Number.POSITIVE_INFINITY, limit } }): Promise<AuditLines> => ({
      lines: await access.options.audit.read(before, limit),
    }),
  );
}

function loginRoute(app: FastifyInstance, access: Access): void {
  const login = 'Open a session: the answer sets its cookie';
  app.post<{ Body: Static<typeof credentials> }>(
    '/api/v1/login',
    {
      config: { role: 'none' },
      schema: {
        operationId: 'login',
        description: login,
        body: credentials,
        response: json('Me', login, { 429: 'too many logins have failed; header retry-after says how long to wait' }),
      },
    },
    async (request, reply): Promise<Me> => {
      checkOrigin(request);
      const { name, secret } = request.body;
      const { cookie, principal } = await access.logIn(request, secret, name);
      void reply.header('set-cookie', cookie);
      return access.meOf(request, principal);
    },
  );
}
