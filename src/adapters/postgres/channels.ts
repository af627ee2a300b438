/** Channel on which every process hears of revocations; the payload is JSON, see {@link notifySessionEnded}. */
export const REVOCATIONS_CHANNEL = 'casegate_revocations';
/** Channel on which every process hears that signing keys changed; without payload. */
export const SIGNING_KEYS_CHANNEL = 'casegate_signing_keys';

/** Channel on which every process hears that tenants' data keys were rotated; without payload. */
export const DATA_KEYS_CHANNEL = 'casegate_data_keys';

/** Channel on which every process hears that a job is due; without payload. */
export const JOBS_CHANNEL = 'casegate_jobs';

/** SQL that tells, at commit, that the session is over. */
export const notifySessionEnded = (session: string): string =>
  `pg_notify('${REVOCATIONS_CHANNEL}', json_build_object('s', ${session})::text)`;

/** SQL that tells, at commit, that the user's access tokens of an earlier epoch are revoked. */
export const notifyEpochGrown = (user: string, epoch: string): string =>
  `pg_notify('${REVOCATIONS_CHANNEL}', json_build_object('u', ${user}, 'e', ${epoch})::text)`;
