import { z } from 'zod';

/** An instant: ISO 8601 in UTC. */
export const Timestamp = z.iso.datetime().meta({ examples: ['2026-01-31T08:30:00.000Z'] });
