import type { Api, Person } from './api.ts';
import type { PhysicianAnswer } from './api-bodies.ts';

/** A physician who is signed in, and stays so. */
export interface PhysicianPerson extends Person {
  readonly physician: PhysicianAnswer;
}

/** What a test may say of a physician; the rest is made up, and he answers in English. */
export type GivenPhysician = Partial<Omit<PhysicianAnswer, 'id' | 'userId'>> & {
  /** Slug of his tenant. */
  readonly tenant?: string;
  /** Of his tenant, who makes him; another one is made unless one is given. */
  readonly admin?: Person;
};

/** A physician whom an admin of his tenant made. */
export async function aPhysician(
  api: Api,
  { tenant, admin, ...given }: GivenPhysician = {},
): Promise<PhysicianPerson> {
  const person = await api.member('physician', tenant);
  const { physician } = await api.get('physician', 201, 'POST /physicians', {
    as: admin ?? (await api.member('admin', tenant)),
    body: { userId: person.user.id, languagePreference: 'en', ...given },
  });
  return { ...person, physician };
}
