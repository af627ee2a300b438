import { type Api, newEmail, PASSWORD, type Person } from './api.ts';

/** Sign-ins at once: more would have to wait for their turn to be hashed. */
const AT_ONCE = 20;

/** Physicians of the practice who answer in English, signed in; made with as few requests as can be. */
export async function manyPhysicians(api: Api, count: number): Promise<readonly Person[]> {
  const emails = Array.from({ length: count }, newEmail);
  await inTurns(emails, (email) =>
    api.get('registered', 201, 'POST /auth/register', { body: { email, password: PASSWORD } }),
  );
  await api.sql("UPDATE users SET role = 'physician' WHERE email = ANY ($1)", [emails]);
  await api.sql(
    `INSERT INTO physicians (uuid, tenant_uuid, user_uuid, language_preference, languages, created_at, updated_at)
     SELECT gen_random_uuid(), tenant_uuid, uuid, 'en', '{en}', now(), now() FROM users WHERE email = ANY ($1)`,
    [emails],
  );
  return inTurns(emails, (email) => api.signIn(email));
}

async function inTurns<Given, Made>(
  given: readonly Given[],
  make: (one: Given) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  for (let first = 0; first < given.length; first += AT_ONCE) {
    made.push(...(await Promise.all(given.slice(first, first + AT_ONCE).map(make))));
  }
  return made;
}
