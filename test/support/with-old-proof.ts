import type { Api, Person } from './api.ts';

/** The tokens of a session whose owner has proven who he is longer ago than an act that needs a recent proof lets pass. */
export async function withOldProof(api: Api, { refreshToken, user }: Person): Promise<Person> {
  await api.sql("UPDATE sessions SET auth_time = auth_time - interval '301 seconds' WHERE user_uuid = $1", [
    user.id,
  ]);
  const tokens = await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
  return { ...tokens, user };
}
