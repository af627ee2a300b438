import { expect } from 'chai';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import type { CaseState } from '../../../../src/domain/cases/case.ts';
import type { CaseEventType } from '../../../../src/domain/cases/case-event.ts';
import { CaseConflict, CaseNotAllowedInState } from '../../../../src/domain/cases/errors.ts';
import { ANONYMOUS, anId, SYSTEM, systemOf } from '../../../support/builders.ts';
import { type CaseLife, caseLife, type CasePart, type CaseVerb } from '../../../support/case-life.ts';
import { REACHED_STATES, type ReachedState } from '../../../support/case-ways.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

/** What a verb is to the life of a case. */
interface Rule {
  /** Whose verb it is, the usual one first. */
  readonly by: readonly CasePart[];
  /** The states in which he may, the usual one first. */
  readonly from: readonly ReachedState[];
  readonly to: CaseState;
  readonly event: CaseEventType;
}

const RULES: Readonly<Record<CaseVerb, Rule>> = {
  claim: { by: ['physician'], from: ['queued'], to: 'assigned', event: 'claimed' },
  start: { by: ['physician'], from: ['assigned'], to: 'in_review', event: 'started' },
  release: {
    by: ['physician', 'admin'],
    from: ['in_review', 'assigned'],
    to: 'queued',
    event: 'released',
  },
  'ask-info': { by: ['physician'], from: ['in_review'], to: 'info_requested', event: 'info-requested' },
  reply: { by: ['patient'], from: ['info_requested'], to: 'in_review', event: 'replied' },
  answer: { by: ['physician'], from: ['in_review'], to: 'answered', event: 'answered' },
  amend: { by: ['physician'], from: ['answered'], to: 'answered', event: 'amended' },
  'follow-up': { by: ['patient'], from: ['answered'], to: 'in_review', event: 'followed-up' },
  decline: { by: ['physician'], from: ['assigned', 'in_review'], to: 'declined', event: 'declined' },
  cancel: {
    by: ['patient', 'admin'],
    from: ['queued', 'assigned', 'info_requested'],
    to: 'cancelled',
    event: 'cancelled',
  },
  close: { by: ['patient'], from: ['answered'], to: 'closed', event: 'closed' },
  void: {
    by: ['admin'],
    from: REACHED_STATES.filter((state) => state !== 'void'),
    to: 'void',
    event: 'voided',
  },
  assign: { by: ['admin'], from: ['queued'], to: 'assigned', event: 'assigned' },
  reassign: {
    by: ['admin'],
    from: ['in_review', 'assigned', 'info_requested'],
    to: 'assigned',
    event: 'reassigned',
  },
};

/** The verbs of admins that the installation itself may use as well. */
const OF_THE_SYSTEM: readonly CaseVerb[] = ['release', 'cancel', 'void', 'assign', 'reassign'];
const PARTS: readonly CasePart[] = ['patient', 'physician', 'admin'];

/** Where no physician sees a case: nobody has it, and nobody may take it. */
const ENDED: readonly ReachedState[] = ['declined', 'cancelled', 'expired', 'void'];
const OPEN: readonly ReachedState[] = ['assigned', 'in_review', 'info_requested'];

/** What a verb meets in a state that it does not go with; `null` where whoever tries it does not see the case. */
function refusalIn(
  state: ReachedState,
  verb: CaseVerb,
): typeof CaseConflict | typeof CaseNotAllowedInState | null {
  const [who] = RULES[verb].by;
  if (state === 'void' && who !== 'admin') return null;
  if (verb === 'claim') return OPEN.includes(state) ? CaseConflict : CaseNotAllowedInState;
  return who === 'physician' && ENDED.includes(state) ? null : CaseNotAllowedInState;
}

/** Others whose verb it is as well, and who have nothing to do with the case: of its tenant, and of another one. */
async function strangersTo(here: World, verb: CaseVerb): Promise<readonly Actor[]> {
  const tenant = await here.tenant();
  switch (RULES[verb].by[0]) {
    case 'patient':
      return [(await here.patient()).actor, (await here.patient({ tenant })).actor];
    case 'physician': {
      const elsewhere = (await here.physician({ tenant })).actor;
      // Everybody of the practice may try to claim.
      return verb === 'claim' ? [elsewhere] : [elsewhere, (await here.physician()).actor];
    }
    default:
      return [(await here.member('admin', { tenant })).actor, systemOf(tenant.id)];
  }
}

describe('An act on a case', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
    here.clock.advance(60);
  });

  for (const [verb, { by, from, to, event }] of Object.entries(RULES) as [CaseVerb, Rule][]) {
    const usual = from[0]!;

    describe(`"${verb}"`, () => {
      it(`leads to ${to}, with one event and one entry in the trail, of the same version`, async () => {
        const found = await life.inState(usual);
        here.clock.advance(60);
        const { case: after } = await life.act(verb, found.id);
        const now = here.clock.now();
        const version = found.version + 1;
        expect(after).to.include({ id: found.id, state: to, version });
        expect(after.updatedAt).to.deep.equal(now);
        expect(await life.stored(found.id)).to.deep.equal(after);

        const { user } = life[by[0]!];
        const last = (await life.eventsOf(found.id)).at(-1);
        expect(last).to.deep.include({ type: event, from: usual, to, version, at: now });
        expect(last).to.include({ actorId: user.id, actorRole: user.role });
        const [entry, ...others] = (await here.audited(`cases.${event}`)).slice(-1);
        expect(others).to.deep.equal([]);
        expect(entry).to.deep.include({
          tenantId: found.tenantId,
          actor: { kind: 'user', id: user.id },
          subject: { type: 'case', id: found.id },
          at: now,
          details: {
            from: usual,
            to,
            version,
            ...(after.physicianId !== found.physicianId && { physician: after.physicianId }),
          },
        });
      });

      it('is done once, and by one of those who tried at the same time', async () => {
        const found = await life.inState(usual);
        const before = await life.everything();
        const tries = Array.from({ length: 5 }, () =>
          life.attempt(verb, found.id, { app: here.unisolatedApp }),
        );
        const refused = (await Promise.allSettled(tries)).filter(({ status }) => status === 'rejected');
        expect(refused).to.have.length(4);
        for (const outcome of refused) expect(outcome).to.have.property('reason').instanceOf(CaseConflict);
        const after = await life.everything();
        expect(after.caseEvents.length).to.equal(before.caseEvents.length + 1);
        for (const table of ['caseMessages', 'caseReasons', 'outboxEntries'] as const) {
          expect(after[table].length - before[table].length, table).to.be.at.most(1);
        }
        expect((await life.stored(found.id)).version).to.equal(found.version + 1);
      });

      it('keeps nothing where it cannot be audited', async () => {
        const { id } = await life.inState(usual);
        const before = await life.everything();
        const act = life.attempt(verb, id, { app: here.unauditedApp });
        expect(await faultOf(act)).to.have.property('message', AUDIT_FAULT);
        expect(await life.everything()).to.deep.equal(before);
      });

      it('is a conflict where it was decided on another version', async () => {
        const { id, version } = await life.inState(usual);
        const before = await life.everything();
        for (const other of [version - 1, version + 1, 0]) {
          const refusal = await refusalOf(life.attempt(verb, id, { version: other }));
          expect(refusal).to.be.instanceOf(CaseConflict);
        }
        expect(await life.everything()).to.deep.equal(before);
        expect((await life.act(verb, id, { version })).case.version).to.equal(version + 1);
      });

      it('is refused, and keeps nothing, in any other state', async () => {
        for (const state of REACHED_STATES.filter((other) => !from.includes(other))) {
          const { id } = await life.inState(state);
          const before = await life.everything();
          const refusal = refusalIn(state, verb);
          if (refusal) expect(await refusalOf(life.attempt(verb, id)), state).to.be.instanceOf(refusal);
          else expect(await life.attempt(verb, id), state).to.equal(null);
          expect(await life.everything()).to.deep.equal(before);
        }
      });

      it(`is for ${by.join(' and ')} only`, async () => {
        const { id } = await life.inState(usual);
        const before = await life.everything();
        for (const part of PARTS.filter((other) => !by.includes(other))) {
          const refusal = await refusalOf(life.attempt(verb, id, { actor: life[part].actor }));
          expect(refusal, part).to.be.instanceOf(Forbidden);
        }
        expect(await refusalOf(life.attempt(verb, id, { actor: ANONYMOUS }))).to.be.instanceOf(
          Unauthenticated,
        );
        if (!OF_THE_SYSTEM.includes(verb)) {
          expect(await refusalOf(life.attempt(verb, id, { actor: SYSTEM }))).to.be.instanceOf(
            Unauthenticated,
          );
        }
        expect(await life.everything()).to.deep.equal(before);
        for (const part of by) {
          const mine = await life.inState(usual);
          expect((await life.act(verb, mine.id, { actor: life[part].actor })).case.state).to.equal(to);
        }
        if (OF_THE_SYSTEM.includes(verb)) {
          expect((await life.act(verb, id, { actor: SYSTEM })).case.state).to.equal(to);
          expect((await life.eventsOf(id)).at(-1)).to.include({ actorId: null, actorRole: 'system' });
        }
      });

      it('finds nothing where whoever tries it does not see the case', async () => {
        const { id } = await life.inState(usual);
        const strangers = await strangersTo(here, verb);
        const before = await life.everything();
        for (const actor of strangers) {
          expect(await life.attempt(verb, id, { actor })).to.equal(null);
        }
        expect(await life.attempt(verb, anId())).to.equal(null);
        expect(await life.everything()).to.deep.equal(before);
      });
    });
  }
});
