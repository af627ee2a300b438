import type { LegacyFacts, LegacyTableName } from '../../adapters/postgres/legacy-survey/legacy-facts.ts';

/** What was found of the rows of each table. */
export const rowsByTable = ({ checks, requests, sessions }: LegacyFacts) =>
  ({
    rn_requests: requests,
    nest_sessions: sessions,
    check_user_log: checks,
  }) satisfies Record<LegacyTableName, unknown>;
