import { z } from 'zod';
import { route, type Route } from '../route.ts';

/** What is wrong at the moment, by part; empty when the service can answer. */
export type Readiness = () => Promise<Readonly<Record<string, string>>>;

const Healthy = z.object({ status: z.literal('ok') });
const Unavailable = z.object({
  status: z.literal('unavailable'),
  checks: z.record(z.string(), z.literal('failing')).meta({ description: 'The parts that fail' }),
});

/** `/health`: what an orchestrator asks. */
export const healthRoutes = (readiness: Readiness, isDraining: () => boolean): readonly Route[] => [
  route({
    method: 'get',
    path: '/health/live',
    summary: 'Whether the process answers; needs nothing',
    access: 'public',
    limit: 'none',
    responses: { 200: Healthy },
    handle: () => ({ status: 200, body: { status: 'ok' } }),
  }),
  route({
    method: 'get',
    path: '/health/ready',
    summary: 'Whether requests can be sent here: database, migrations, not shutting down',
    access: 'public',
    limit: 'none',
    responses: { 200: Healthy, 503: Unavailable },
    handle: async () => {
      const failing = isDraining() ? ['draining'] : Object.keys(await readiness());
      if (failing.length === 0) return { status: 200, body: { status: 'ok' } };
      const checks = Object.fromEntries(failing.map((part) => [part, 'failing' as const]));
      return { status: 503, body: { status: 'unavailable', checks } };
    },
  }),
];
