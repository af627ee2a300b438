import type { Actor, SystemActor, UserActor } from '../../domain/access/actor.ts';
import type { Case, CaseMessageKind } from '../../domain/cases/case.ts';
import type { CaseAct } from '../../domain/cases/case-event.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { CaseConflict } from '../../domain/cases/errors.ts';
import { requireVersion, type Transition } from '../../domain/cases/transition.ts';
import type { CaseId } from '../../domain/shared/ids.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { Stores, UnitOfWork } from '../ports/unit-of-work.ts';
import { caseActOf, caseChangeOf } from './case-change.ts';
import { type CaseReading, openTexts, readTexts, sealMessage, sealReason } from './case-texts.ts';
import { findCase } from './find-case.ts';
import type { CaseNoticing } from './notices-of-case.ts';

/** An act on a case, as it is asked for. */
export interface CaseCommand {
  readonly actor: Actor;
  readonly caseId: CaseId;
  /** The version that the actor decided on; without it the act is on the case as it is. */
  readonly version?: number | undefined;
}

/** What acting on a case needs. */
export interface ActingOnCases extends CaseReading {
  readonly unitOfWork: UnitOfWork<'cases' | 'physicians' | 'outbox' | 'audit'>;
}

/** The same, of an act that somebody is told of by mail. */
export interface ActingWithNotices extends Omit<ActingOnCases & CaseNoticing, 'unitOfWork'> {
  readonly unitOfWork: UnitOfWork<'cases' | 'physicians' | 'users' | 'outbox' | 'audit'>;
}

/** What an act on a case is. */
export interface CaseDeed {
  /** The rule; runs within the unit of work, so that it may hold whoever it is about. */
  readonly decide: (act: CaseAct, stores: Pick<Stores, 'physicians'>) => Transition | Promise<Transition>;
  /** The text that comes with it, as the domain takes it. */
  readonly message?: { readonly kind: CaseMessageKind; readonly text: string } | undefined;
  /** Why, as the domain takes it. */
  readonly reason?: string | undefined;
  /** Writes the mails that it brings about. */
  readonly notices?: ((act: CaseAct) => Promise<readonly OutboxEntry[]>) | undefined;
}

/** Whose act it is, and on what. */
export interface CaseOccasion {
  readonly actor: UserActor | SystemActor;
  /** The case as it was found; whatever changed it since makes the act a conflict. */
  readonly found: Case;
  /** The version that the actor decided on; whichever was found where it is left out. */
  readonly version?: number | undefined;
}

/**
 * Acts on a case that the actor may see: see {@link actOnFound}.
 *
 * @returns `null` for what he may not see
 * @throws {CaseConflict} where the case is of another version by now
 */
export async function actOnCase(
  deps: ActingOnCases,
  actor: UserActor | SystemActor,
  { caseId, version }: CaseCommand,
  deedOn: (found: Case) => CaseDeed,
): Promise<CaseView | null> {
  const found = await findCase(deps.unitOfWork, actor, caseId);
  return found && actOnFound(deps, { actor, found, version }, deedOn(found));
}

/**
 * Acts on a case: the step, its event, its text, its reason, its mails and its audit entry are kept together or not at all.
 *
 * @returns the case after it; with its text for its patient and for whoever has it, and then the reading is in the audit trail too
 * @throws {CaseConflict} where the case is of another version by now
 */
export async function actOnFound(
  deps: ActingOnCases,
  { actor, found, version }: CaseOccasion,
  deed: CaseDeed,
): Promise<CaseView> {
  const { clock, idGenerator, textCipher, unitOfWork } = deps;
  requireVersion(found, version);
  const act = caseActOf(idGenerator, actor, clock.now());
  const message = deed.message
    ? await sealMessage(deps, found, writtenBy(actor, deed.message), act.now)
    : null;
  const reason =
    deed.reason === undefined ? null : await sealReason(textCipher, found, act.eventId, deed.reason);
  const notices = (await deed.notices?.(act)) ?? [];
  const { after, texts } = await unitOfWork.run(found.tenantId, async (stores, elsewhere) => {
    const transition = await deed.decide(act, stores);
    const change = caseChangeOf(idGenerator, actor, transition, { message, reason });
    if (!(await stores.cases.save(change))) throw new CaseConflict();
    for (const notice of notices) await elsewhere(notice.tenantId).outbox.add(notice);
    const { after } = transition;
    return { after, texts: mayRead(actor, after) ? await readTexts(deps, stores, actor, after) : null };
  });
  return { case: after, conversation: texts && (await openTexts(textCipher, after, texts)) };
}

const writtenBy = (actor: UserActor | SystemActor, message: { kind: CaseMessageKind; text: string }) => ({
  ...message,
  authorRole:
    actor.kind === 'user' && actor.role === 'patient' ? ('patient' as const) : ('physician' as const),
  authorId: actor.kind === 'user' ? actor.userId : null,
});

/** After an act of his own, a physician has the case or nobody has it. */
function mayRead(actor: UserActor | SystemActor, { patientId, physicianId }: Case): boolean {
  if (actor.kind === 'system' || actor.role === 'admin') return false;
  return actor.role === 'patient' ? patientId === actor.userId : physicianId !== null;
}
