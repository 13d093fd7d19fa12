import { FilterError } from '@weir/flow';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { WeirError } from '../error.js';
import { EngineDied } from '../store/door.js';
import type { ErrorResponse } from './types.js';

/** A request that cannot be answered, with its HTTP status. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly statusCode: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Answers an error of a route as ErrorResponse. What is no mistake of the asker or of the store is logged with its stack. */
export function answerError(error: FastifyError | Error, _request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = describeError(error);
  if (status === 500) console.error(error);
  if (error instanceof RequestError) reply.headers(error.headers);
  void reply.code(status).type('application/json').send(body);
}

/** HTTP status and body of an error. */
export function describeError(error: FastifyError | Error): { status: number; body: ErrorResponse } {
  if (error instanceof FilterError) return { status: 400, body: { error: error.message, column: error.column } };
  // What somebody else fails at, too: a probe that is not there.
  if (error instanceof RequestError) return { status: error.statusCode, body: { error: error.message } };
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if (status !== undefined && status < 500) return { status, body: { error: error.message } };
  if (error instanceof EngineDied) return { status: 503, body: { error: error.message } };
  // A name that is no field, or a query that needs more than it may have.
  if (error instanceof WeirError) return { status: 400, body: { error: error.message } };
  return { status: 500, body: { error: 'the collector failed to answer; see its log' } };
}
