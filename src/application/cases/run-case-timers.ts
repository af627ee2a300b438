import type { Actor } from '../../domain/access/actor.ts';
import { Unavailable } from '../../domain/access/errors.ts';
import { authorize } from '../../domain/access/policy.ts';
import type { Case } from '../../domain/cases/case.ts';
import { isAway } from '../../domain/cases/eligibility.ts';
import {
  flagsByTime,
  infoExpiresAt,
  nextLook,
  onTimer,
  type TimerCircumstances,
} from '../../domain/cases/timers.ts';
import type { Transition } from '../../domain/cases/transition.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { CaseTimers, DueCase } from '../ports/stores/case-timers.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { caseActOf, caseChangeOf } from '../steps/case-change.ts';
import { type CaseNoticing, noticesToAdmins, noticesToPatient } from '../steps/notices-of-case.ts';
import { addAll } from '../steps/outbox-mail.ts';
import { PartFailed } from '../steps/part-failed.ts';

/** Cases looked at between two looks at what is due. */
const BATCH = 100;
/** Seconds after which a case is looked at again whose timer failed. */
const POSTPONED_SECONDS = 300;

export interface RunCaseTimersCommand {
  readonly actor: Actor;
}

interface Dependencies extends Omit<CaseNoticing, 'unitOfWork'> {
  readonly caseTimers: CaseTimers;
  readonly unitOfWork: UnitOfWork<'cases' | 'physicians' | 'tenants' | 'users' | 'outbox' | 'audit'>;
}

/**
 * Does what time has brought about by now, of every tenant: escalates and overflows what nobody has claimed, gives back what was not
 * started, reminds patients and ends what they do not answer, closes what is answered, ends anonymous cases. Each step is kept with its
 * event, its audit entry and its mails, once, however many run at the same time.
 */
export class RunCaseTimers {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns how many steps were taken
   * @throws {AggregateError} of {@link PartFailed} where some cases failed, after all others; they are looked at again in five minutes
   */
  async execute({ actor }: RunCaseTimersCommand): Promise<number> {
    authorize(actor, 'jobs.run');
    const { caseTimers, clock } = this.#deps;
    const failures: unknown[] = [];
    let taken = 0;
    let batch: readonly DueCase[];
    let takenBefore: number;
    do {
      takenBefore = taken;
      batch = await caseTimers.listDue(clock.now(), BATCH);
      for (const due of batch) {
        const isTaken = await this.#look(due).catch((error: unknown) => this.#postpone(due, error, failures));
        if (isTaken) taken += 1;
      }
      // A step may leave another one of the same case due, where nobody has looked for long.
    } while (batch.length === BATCH || taken > takenBefore);
    if (failures.length > 0) {
      throw new AggregateError(failures, `Timers of ${String(failures.length)} cases failed.`);
    }
    return taken;
  }

  /** One case that fails must not keep the others from their turn. */
  async #postpone(due: DueCase, error: unknown, failures: unknown[]): Promise<boolean> {
    if (error instanceof Unavailable) throw error;
    failures.push(new PartFailed(`case ${due.caseId}`, error));
    const { caseTimers, clock } = this.#deps;
    await caseTimers.setNext(due, addSeconds(clock.now(), POSTPONED_SECONDS));
    return false;
  }

  async #look(due: DueCase): Promise<boolean> {
    const { caseTimers, clock, idGenerator, unitOfWork } = this.#deps;
    const { tenantId } = due;
    const found = await unitOfWork.stores(tenantId).cases.find(due.caseId, { kind: 'tenant' });
    if (!found) return false;
    const actor = { kind: 'system', tenantId } as const;
    const act = caseActOf(idGenerator, actor, clock.now());
    const transition = onTimer(found, act, await this.#circumstancesOf(found, act.now));
    if (!transition) {
      await caseTimers.setNext({ ...due, version: found.version }, nextLook(found, act.now));
      return false;
    }
    const notices = await this.#noticesOf(transition);
    return unitOfWork.run(tenantId, async ({ cases, outbox }) => {
      if (!(await cases.save(caseChangeOf(idGenerator, actor, transition)))) return false;
      await addAll(outbox, notices);
      return true;
    });
  }

  async #circumstancesOf(found: Case, now: Date): Promise<TimerCircumstances> {
    const { cases, physicians, tenants } = this.#deps.unitOfWork.stores(found.tenantId);
    if (found.state === 'queued') {
      const allowOverflow = (await tenants.find(found.tenantId))?.allowOverflow ?? false;
      // As it will be flagged: what overflows now is open to the shared physicians.
      const flags = flagsByTime(found, now, { allowOverflow });
      const hasCandidate = await cases.hasCandidate({ ...found, flags });
      return { allowOverflow, hasCandidate, isAssigneeAway: false };
    }
    const assignee = found.physicianId === null ? null : await physicians.findAssignable(found.physicianId);
    const isAssigneeAway = assignee !== null && isAway(assignee);
    return { allowOverflow: false, hasCandidate: false, isAssigneeAway };
  }

  async #noticesOf({ before, after, event }: Transition): Promise<readonly OutboxEntry[]> {
    const { id: caseId } = after;
    if (event.type === 'expired') {
      return noticesToPatient(this.#deps, after, { kind: 'case-expired', caseId });
    }
    if (event.type === 'reminded' && after.state === 'info_requested') {
      const expiresAt = infoExpiresAt(after).toISOString();
      return noticesToPatient(this.#deps, after, { kind: 'case-info-reminder', caseId, expiresAt });
    }
    if (after.state === 'queued') return this.#noticesOfWaiting(before, after);
    if (event.type !== 'escalated') return [];
    return noticesToAdmins(this.#deps, after, { kind: 'case-assignee-away', caseId });
  }

  /** Admins are told of each step that a case has reached, of several at once by one mail; not of that which opens it to others. */
  async #noticesOfWaiting(before: Case, after: Case): Promise<readonly OutboxEntry[]> {
    const steps = after.clock.escalations;
    const overflows = after.flags.includes('overflow') && !before.flags.includes('overflow');
    if (steps === before.clock.escalations || (overflows && steps === 2)) return [];
    const overdue = after.flags.includes('overdue');
    const dueAt = after.dueAt.toISOString();
    return noticesToAdmins(this.#deps, after, { kind: 'case-unclaimed', caseId: after.id, dueAt, overdue });
  }
}
