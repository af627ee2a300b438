import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { CASE_STATES } from '../../../domain/cases/case.ts';
import { route, type Route } from '../route.ts';
import { Receipt, Receipts } from '../schemas/receipts.ts';

const readReceipt = (app: Application): Route =>
  route({
    method: 'post',
    path: '/cases/receipts',
    summary: 'Ask how an anonymous case stands, by its receipt',
    access: 'public',
    limit: 'anonymous',
    input: { body: z.strictObject({ receipt: Receipt }) },
    responses: { 200: z.object({ state: z.enum(CASE_STATES), answered: z.boolean() }) },
    problems: ['cases.receipt-unknown', 'request.unavailable'],
    handle: async ({ body }) => ({ status: 200, body: await app.cases.readReceipt.execute(body) }),
  });

const adoptCases = (app: Application): Route =>
  route({
    method: 'post',
    path: '/cases/adopt',
    summary: 'Make anonymous cases your own, by their receipts; each receipt counts once',
    access: 'cases.adopt',
    limit: 'authenticated',
    input: { body: z.strictObject({ receipts: Receipts }) },
    responses: {
      200: z.object({
        adopted: z.array(z.uuid()).meta({ description: 'Cases; receipts that do not count are passed over' }),
      }),
    },
    handle: async ({ actor, body }) => {
      const adopted = await app.cases.adoptCases.execute({ actor, ...body });
      return { status: 200, body: { adopted } };
    },
  });

/** `/cases/receipts`, `/cases/adopt`: what becomes of cases that were submitted without an account. */
export const receiptRoutes = (app: Application): readonly Route[] => [readReceipt(app), adoptCases(app)];
