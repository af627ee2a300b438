import fc from 'fast-check';
import type { UserActor } from '../../src/domain/access/actor.ts';
import type { Case } from '../../src/domain/cases/case.ts';
import { systemOf } from '../support/builders.ts';
import type { ActingPhysician, CasePractice } from './case-practice.ts';

/** Something that somebody tries; whether he may is not known before. */
export interface CaseCommandDraw {
  readonly verb: Verb;
  /** Who of those that there are. */
  readonly who: number;
  /** Which of the cases. */
  readonly which: number;
  /** Another physician, where one is named. */
  readonly whom: number;
}

const VERBS = {
  claim: ({ app, actor, caseId }) => app.cases.claimCase.execute({ actor, caseId }),
  start: ({ app, actor, caseId }) => app.cases.startCase.execute({ actor, caseId }),
  release: ({ app, actor, caseId }) => app.cases.releaseCase.execute({ actor, caseId }),
  'ask-info': ({ app, actor, caseId }) => app.cases.askInfo.execute({ actor, caseId, message: 'How long?' }),
  reply: ({ app, actor, caseId }) => app.cases.replyToInfo.execute({ actor, caseId, message: 'A week.' }),
  answer: ({ app, actor, caseId }) => app.cases.answerCase.execute({ actor, caseId, answer: 'No.' }),
  amend: ({ app, actor, caseId }) => app.cases.amendAnswer.execute({ actor, caseId, answer: 'Not now.' }),
  'follow-up': ({ app, actor, caseId }) =>
    app.cases.followUpCase.execute({ actor, caseId, message: 'And later?' }),
  decline: ({ app, actor, caseId }) => app.cases.declineCase.execute({ actor, caseId, reason: 'Not mine.' }),
  cancel: ({ app, actor, caseId }) => app.cases.cancelCase.execute({ actor, caseId, reason: 'No need.' }),
  close: ({ app, actor, caseId }) => app.cases.closeCase.execute({ actor, caseId }),
  void: ({ app, actor, caseId }) => app.cases.voidCase.execute({ actor, caseId, reason: 'A mistake.' }),
  assign: ({ app, actor, caseId, physician }) =>
    app.cases.assignCase.execute({ actor, caseId, physicianId: physician.physician.id, reason: 'Quickly.' }),
  reassign: ({ app, actor, caseId, physician }) =>
    app.cases.reassignCase.execute({ actor, caseId, physicianId: physician.physician.id, reason: 'Better.' }),
  leave: ({ app, physician }) =>
    app.identity.updateOwnPhysician.execute({ actor: physician.actor, changes: { vacationMode: true } }),
  return: ({ app, physician }) =>
    app.identity.updateOwnPhysician.execute({ actor: physician.actor, changes: { vacationMode: false } }),
  'some hours': ({ app, clock, tenantId }) => {
    clock.advance(5 * 3600);
    return app.cases.runCaseTimers.execute({ actor: systemOf(tenantId) });
  },
  'some days': ({ app, clock, tenantId }) => {
    clock.advance(4 * 86_400);
    return app.cases.runCaseTimers.execute({ actor: systemOf(tenantId) });
  },
} as const satisfies Record<string, (attempt: Attempt) => Promise<unknown>>;

type Verb = keyof typeof VERBS;

interface Attempt extends Pick<CasePractice, 'app' | 'clock' | 'tenantId'> {
  readonly actor: UserActor;
  readonly caseId: string;
  readonly physician: ActingPhysician;
}

const LIKELY: readonly Verb[] = ['claim', 'start', 'answer', 'amend', 'ask-info', 'reply', 'follow-up'];

/** A verb, a person and a case, whether or not they go together. */
export const drawnCommand: fc.Arbitrary<CaseCommandDraw> = fc.record({
  verb: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...LIKELY) },
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(VERBS) as Verb[])) },
  ),
  who: fc.nat({ max: 23 }),
  which: fc.nat({ max: 3 }),
  whom: fc.nat({ max: 4 }),
});

/** Whose verbs they are; of the others, it is whoever has the case. */
const VERBS_OF: Readonly<Partial<Record<Verb, 'patient' | 'admin' | 'anybody'>>> = {
  claim: 'anybody',
  reply: 'patient',
  'follow-up': 'patient',
  close: 'patient',
  cancel: 'patient',
  void: 'admin',
  assign: 'admin',
  reassign: 'admin',
};

/** Mostly the one whose verb it is, and otherwise anybody. */
function actorFor(practice: CasePractice, { verb, which, who }: CaseCommandDraw, found: Case): UserActor {
  const { admin, patients } = practice;
  const physicians = [...practice.physicians, ...practice.strangers];
  const everybody = [...physicians.map(({ actor }) => actor), ...patients, admin];
  const anybody = everybody[who % everybody.length]!;
  if (who >= 15) return anybody;
  switch (VERBS_OF[verb]) {
    case 'patient':
      return patients[which % patients.length]!;
    case 'admin':
      return admin;
    case 'anybody':
      return anybody;
    default:
      return physicians.find(({ physician }) => physician.id === found.physicianId)?.actor ?? anybody;
  }
}

/** Tries it. */
export async function attempt(
  practice: CasePractice,
  cases: readonly string[],
  drawn: CaseCommandDraw,
): Promise<unknown> {
  const caseId = cases[drawn.which]!;
  const { world, tenantId } = practice;
  const found = await world.unitOfWork.stores(tenantId).cases.find(caseId, { kind: 'tenant' });
  if (!found) throw new Error('A case was deleted.');
  const actor = actorFor(practice, drawn, found);
  return VERBS[drawn.verb]({
    ...practice,
    actor,
    caseId,
    physician: [...practice.physicians, ...practice.strangers][drawn.whom]!,
  });
}
