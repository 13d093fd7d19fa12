/** Schemas of what the routes of routes/access.ts answer. */
import Type from 'typebox';

const roles = ['none', 'viewer', 'operator'] as const;

export const meSchema = Type.Object({
  name: Type.Optional(Type.String({ description: 'of the user; absent where a token, or nobody, asks' })),
  role: Type.Enum(roles, { description: 'none: may not even look; operators may change' }),
  csrf: Type.Optional(Type.String({ description: 'of a session: its changes need it as header x-weir-csrf' })),
  login: Type.Boolean({
    description: 'whether names and passwords are taken from here: there are users, and nobody reads along',
  }),
});

export const auditLineSchema = Type.Object({
  time: Type.Number({ description: 'milliseconds since the Unix epoch' }),
  who: Type.String({
    description: 'name of the user; else "token", "socket", "anonymous", or "unknown" where no user has the name',
  }),
  role: Type.Enum(roles),
  from: Type.String({ description: 'address, or "socket"' }),
  action: Type.String({ description: 'operationId of the route' }),
  detail: Type.Optional(Type.String({ description: 'what was changed' })),
  outcome: Type.Enum(['done', 'refused', 'failed']),
  status: Type.Optional(Type.Integer({ minimum: 0, description: 'of HTTP' })),
  unlisted: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'refusals since the line before that are not listed, because there were so many',
    }),
  ),
});

export const auditLinesSchema = Type.Object({ lines: Type.Array(auditLineSchema) });
