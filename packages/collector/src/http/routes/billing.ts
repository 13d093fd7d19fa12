import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { billRow, csvOf, dayRows } from '../../analysis/billing/rows.js';
import type { Bill, Billing } from '../../store/billing/billing.js';
import type { ApiContext } from '../context.js';
import { RequestError } from '../errors.js';
import { json, octets } from '../openapi.js';
import type { BillingEntries, BillingEntry, Bills } from '../types.js';

const name = (description: string) => Type.String({ minLength: 1, maxLength: 64, description });
const monthName = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}$', description });

const billsParameters = Type.Object({
  account: Type.Optional(name('only this one')),
  month: Type.Optional(monthName('as 2026-10; default: the one that goes on')),
});
const fileParameters = Type.Object({
  ...billsParameters.properties,
  days: Type.Optional(Type.Boolean({ description: 'a line a day; default: a line a bill' })),
});
const entriesParameters = Type.Object({
  account: Type.Optional(name('only of this one')),
  month: Type.Optional(monthName('only of this month')),
});
const enterParameters = Type.Object({
  account: name('whose month it is'),
  month: monthName('a month that is over, as 2026-10'),
  reason: Type.Optional(
    Type.String({ maxLength: 1000, description: 'why it is corrected; a first statement needs none' }),
  ),
});

const onServers = { 404: 'the store is on servers, and has no accounts' };

/** /api/v1/billing/... */
export function billingRoutes(app: FastifyInstance, context: Pick<ApiContext, 'billing'>): void {
  billsRoutes(app, context);
  entriesRoutes(app, context);
}

function billsRoutes(app: FastifyInstance, context: Pick<ApiContext, 'billing'>): void {
  app.get<{ Querystring: Static<typeof billsParameters> }>(
    '/api/v1/billing/bills',
    {
      schema: {
        operationId: 'bills',
        description: 'What accounts have had in a month: its statement, or its sums so far',
        querystring: billsParameters,
        response: json('Bills', 'bills, in the order of the configuration', onServers),
      },
    },
    async ({ query }): Promise<Bills> => ({ bills: (await billsOf(billingOf(context), query)) as Bills['bills'] }),
  );
  app.get<{ Querystring: Static<typeof fileParameters> }>(
    '/api/v1/billing/bills.csv',
    {
      schema: {
        operationId: 'billsFile',
        description: 'The same as a file',
        querystring: fileParameters,
        response: octets({ 'text/csv': 'CSV with a header (RFC 4180); octets, bits per second, times in UTC' }),
      },
    },
    async ({ query }, reply) => {
      const bills = await billsOf(billingOf(context), query);
      const file = [query.account ?? 'accounts', query.month ?? 'so-far', ...(query.days ? ['days'] : [])].join('-');
      reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${file}.csv"`);
      return reply.send(csvOf(query.days ? bills.flatMap(dayRows) : bills.map(billRow)));
    },
  );
}

function entriesRoutes(app: FastifyInstance, context: Pick<ApiContext, 'billing'>): void {
  app.get<{ Querystring: Static<typeof entriesParameters> }>(
    '/api/v1/billing/entries',
    {
      schema: {
        operationId: 'billingEntries',
        description: 'Statements of closed months and their corrections',
        querystring: entriesParameters,
        response: json('BillingEntries', 'all of them', onServers),
      },
    },
    async ({ query }): Promise<BillingEntries> => {
      return { entries: await billingOf(context).entries(query) } as BillingEntries;
    },
  );
  app.post<{ Querystring: Static<typeof enterParameters> }>(
    '/api/v1/billing/entries',
    {
      schema: {
        operationId: 'enterBill',
        description:
          'Closes a month that is over by a statement of its sums as they are now, or corrects the statement that it has by a new one',
        querystring: enterParameters,
        response: json('BillingEntry', 'the new entry', onServers),
      },
    },
    async (request): Promise<BillingEntry> => {
      const { account, month, reason = '' } = request.query;
      request.auditDetail = `${account} ${month} ${reason}`;
      const made = { by: request.principal.who, reason };
      return (await billingOf(context).enter(account, month, made)) as BillingEntry;
    },
  );
}

async function billsOf(billing: Billing, { account, month }: Static<typeof billsParameters>): Promise<Bill[]> {
  const names = account === undefined ? billing.accounts.map(each => each.account.name) : [account];
  const bills: Bill[] = [];
  for (const each of names) bills.push(await billing.bill(each, month));
  return bills;
}

/** @throws RequestError */
function billingOf({ billing }: Pick<ApiContext, 'billing'>): Billing {
  if (billing === undefined) throw new RequestError(404, 'accounts are of the embedded store; this one is on servers');
  return billing;
}
