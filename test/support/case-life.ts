import type { Application } from '../../src/application/application.ts';
import type { SubmitCaseCommand } from '../../src/application/cases/submit-case.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import type { Case } from '../../src/domain/cases/case.ts';
import type { CaseView } from '../../src/domain/cases/case-view.ts';
import { SYSTEM } from './builders.ts';
import { CASE_WAYS, type ReachedState } from './case-ways.ts';
import type { Member, PhysicianMember, World } from './world.ts';

/** What people write in these tests; none of it may be found where it can be read. */
export const WORDS = {
  question: 'Is surgery needed for a torn meniscus?',
  message: 'The swelling began in October.',
  answer: 'Physiotherapy first, for twelve weeks.',
  reason: 'A colleague knows these knees better.',
} as const;

/** An act on a case; what is left out is what such acts usually have. */
export interface CaseDeed {
  readonly actor: Actor;
  readonly caseId: string;
  readonly version?: number;
  readonly physicianId: string;
  readonly message?: string;
  readonly answer?: string;
  readonly reason?: string;
}

type Act = (app: Application, deed: CaseDeed) => Promise<CaseView | null>;

/** Every act on a case, by its verb. */
const ACTS = {
  claim: ({ cases }, deed) => cases.claimCase.execute(deed),
  start: ({ cases }, deed) => cases.startCase.execute(deed),
  release: ({ cases }, deed) => cases.releaseCase.execute(deed),
  'ask-info': ({ cases }, deed) => cases.askInfo.execute({ message: WORDS.message, ...deed }),
  reply: ({ cases }, deed) => cases.replyToInfo.execute({ message: WORDS.message, ...deed }),
  answer: ({ cases }, deed) => cases.answerCase.execute({ answer: WORDS.answer, ...deed }),
  amend: ({ cases }, deed) => cases.amendAnswer.execute({ answer: WORDS.answer, ...deed }),
  'follow-up': ({ cases }, deed) => cases.followUpCase.execute({ message: WORDS.message, ...deed }),
  decline: ({ cases }, deed) => cases.declineCase.execute({ reason: WORDS.reason, ...deed }),
  cancel: ({ cases }, deed) => cases.cancelCase.execute({ reason: WORDS.reason, ...deed }),
  close: ({ cases }, deed) => cases.closeCase.execute(deed),
  void: ({ cases }, deed) => cases.voidCase.execute({ reason: WORDS.reason, ...deed }),
  assign: ({ cases }, deed) => cases.assignCase.execute({ reason: WORDS.reason, ...deed }),
  reassign: ({ cases }, deed) => cases.reassignCase.execute({ reason: WORDS.reason, ...deed }),
} as const satisfies Record<string, Act>;

/** What can be done to a case. */
export type CaseVerb = keyof typeof ACTS;

/** Who takes part in a case, in one role each. */
export type CasePart = 'patient' | 'physician' | 'admin';

/** Whose verb it is, unless a test says otherwise. */
const USUALLY: Readonly<Record<CaseVerb, CasePart>> = {
  claim: 'physician',
  start: 'physician',
  release: 'physician',
  'ask-info': 'physician',
  reply: 'patient',
  answer: 'physician',
  amend: 'physician',
  'follow-up': 'patient',
  decline: 'physician',
  cancel: 'patient',
  close: 'patient',
  void: 'admin',
  assign: 'admin',
  reassign: 'admin',
};

/** How a life differs from the usual one. */
export interface GivenLife {
  readonly patient?: Member;
  readonly physician?: PhysicianMember;
  readonly admin?: Member;
}

/** How an act differs from the usual one. */
export type GivenDeed = Partial<Omit<CaseDeed, 'caseId'>> & { readonly app?: Application };

/** A case and those who take part in it. */
export type CaseLife = Awaited<ReturnType<typeof caseLife>>;

const DAYS_TO_EXPIRE = 14;

/** A patient, an admin and two physicians of the practice, and their acts on the patient's cases. */
export async function caseLife(here: World, given: GivenLife = {}) {
  const cast = {
    patient: given.patient ?? (await here.patient()),
    physician: given.physician ?? (await here.physician()),
    admin: given.admin ?? (await here.member('admin')),
  };
  const colleague = await here.physician();

  const submit = async (question: Partial<SubmitCaseCommand> = {}): Promise<Case> => {
    const command = { actor: cast.patient.actor, language: 'en', question: WORDS.question, ...question };
    return (await here.app.cases.submitCase.execute(command)).view.case;
  };
  const attempt = (verb: CaseVerb, caseId: string, { app = here.app, ...deed }: GivenDeed = {}) => {
    const { actor } = cast[USUALLY[verb]];
    return ACTS[verb](app, { actor, caseId, physicianId: colleague.physician.id, ...deed });
  };
  const act = async (verb: CaseVerb, caseId: string, deed: GivenDeed = {}): Promise<CaseView> => {
    const view = await attempt(verb, caseId, deed);
    if (!view) throw new Error(`There is nothing to ${verb}.`);
    return view;
  };
  const stored = async (id: string): Promise<Case> => {
    const found = (await here.rows('cases')).find((row) => row.id === id);
    if (!found) throw new Error('A case was deleted.');
    return found;
  };
  const inState = async (state: ReachedState): Promise<Case> => {
    const { id } = await submit();
    for (const [verb] of CASE_WAYS[state]) await act(verb, id);
    if (state === 'expired') {
      here.clock.advance(DAYS_TO_EXPIRE * 86_400);
      await here.app.cases.runCaseTimers.execute({ actor: SYSTEM });
    }
    return stored(id);
  };

  return {
    ...cast,
    /** A physician to whom cases are assigned. */
    colleague,
    /** A new case of the patient. */
    submit,
    /** A new case of the patient that was brought into a state. */
    inState,
    /** An act by the one whose it usually is; whatever comes of it. */
    attempt,
    /** The same, where it finds the case. */
    act,
    /** The case as it is kept. */
    stored,
    /** What happened to the case, oldest first. */
    eventsOf: async (id: string) => (await here.rows('caseEvents')).filter(({ caseId }) => caseId === id),
    /** Everything that is kept of cases. */
    everything: async () => ({
      cases: await here.rows('cases'),
      caseEvents: await here.rows('caseEvents'),
      caseMessages: await here.rows('caseMessages'),
      caseReasons: await here.rows('caseReasons'),
      caseTimers: await here.rows('caseTimers'),
      assignments: await here.rows('assignments'),
      auditEntries: await here.rows('auditEntries'),
      outboxEntries: await here.rows('outboxEntries'),
    }),
  };
}
