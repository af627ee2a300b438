import type { UserActor } from '../../src/domain/access/actor.ts';
import type { Case, CaseMessageKind, HeldCase, QueuedCase } from '../../src/domain/cases/case.ts';
import type { CaseAct } from '../../src/domain/cases/case-event.ts';
import { ANONYMOUS_SECONDS } from '../../src/domain/cases/timers.ts';
import type { Transition } from '../../src/domain/cases/transition.ts';
import {
  adopt,
  amend,
  answer,
  askInfo,
  assign,
  cancel,
  claim,
  close,
  decline,
  FOLLOW_UPS_MAX,
  followUp,
  release,
  reply,
  start,
  voidCase,
} from '../../src/domain/cases/workflow.ts';
import type { SeedWorld } from './seed-world.ts';
import type { SeededRandom } from './seeded-random.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What somebody is going to do, unless a timer comes first. */
export interface PlannedDeed {
  /** Seconds from the last one. */
  readonly after: number;
  readonly actor: UserActor;
  readonly rule: (found: Case, act: CaseAct) => Transition;
  /** What he writes. */
  readonly message: CaseMessageKind | null;
  /** Whether he says why. */
  readonly reason: boolean;
}

/** What a plan is made from. */
interface Scene {
  readonly patient: UserActor;
  readonly world: SeedWorld;
  readonly random: SeededRandom;
}

/** @param mean seconds that it takes on average */
const plan = (
  { random }: Scene,
  mean: number,
  actor: UserActor,
  rule: PlannedDeed['rule'],
  { message = null, reason = false }: Partial<Pick<PlannedDeed, 'message' | 'reason'>> = {},
): PlannedDeed => ({ after: random.wait(mean), actor, rule, message, reason });

/**
 * What people do with cases, and how long it takes them.
 *
 * @param patient whoever has the case, or may make an anonymous one his own
 * @returns `null` where they do nothing of their own
 */
export function nextDeed(found: Case, scene: Scene): PlannedDeed | null {
  const { patient, random, world } = scene;
  const admin = world.admin(found.tenantId);
  switch (found.state) {
    case 'queued':
      return adoption(found, scene) ?? queuedDeed(found, scene);
    case 'assigned':
    case 'in_review':
      return adoption(found, scene) ?? workDeed(found, scene);
    case 'info_requested': {
      const { assignable } = world.doctor(found.physicianId);
      if (found.patientId === null || random.chance(0.1)) return adoption(found, scene);
      return plan(scene, DAY, patient, (one, act) => reply(one, assignable, act), { message: 'reply' });
    }
    case 'answered':
      return found.patientId === null ? adoption(found, scene) : answeredDeed(found, scene);
    case 'closed':
      return random.chance(0.003) ? plan(scene, 5 * DAY, admin, voidCase, { reason: true }) : null;
    default:
      return null;
  }
}

/** Of anonymous cases some become somebody's before they expire. */
function adoption(found: Case, scene: Scene): PlannedDeed | null {
  if (found.patientId !== null || !scene.random.chance(0.3)) return null;
  const { patient } = scene;
  return plan(scene, ANONYMOUS_SECONDS / 4, patient, (one, act) => adopt(one, patient.userId, act));
}

function queuedDeed(found: QueuedCase, scene: Scene): PlannedDeed {
  const { patient, random, world } = scene;
  const admin = world.admin(found.tenantId);
  const soon = 0.08 * found.clock.dueSeconds;
  if (found.patientId !== null && random.chance(0.15)) {
    return plan(scene, soon, patient, cancel, { reason: true });
  }
  const taker = world.takerOf(found, random);
  if (!taker) return plan(scene, 10 * DAY, admin, cancel, { reason: true });
  return random.chance(0.04)
    ? plan(scene, soon, admin, (one, act) => assign(one, taker.assignable, act), { reason: true })
    : plan(scene, soon, taker.actor, (one, act) => claim(one, taker.assignable, act));
}

function workDeed(found: HeldCase<'assigned' | 'in_review'>, scene: Scene): PlannedDeed {
  const { random, world } = scene;
  const { actor } = world.doctor(found.physicianId);
  if (random.chance(0.06)) return plan(scene, HOUR, actor, decline, { reason: true });
  if (random.chance(0.02)) return plan(scene, HOUR, actor, release, { reason: true });
  if (found.state === 'assigned') return plan(scene, 40 * MINUTE, actor, start);
  return random.chance(0.08)
    ? plan(scene, HOUR, actor, askInfo, { message: 'info-request' })
    : plan(scene, 4 * HOUR, actor, answer, { message: 'answer' });
}

function answeredDeed(found: HeldCase<'answered'>, scene: Scene): PlannedDeed | null {
  const { patient, random, world } = scene;
  const { actor, assignable } = world.doctor(found.physicianId);
  if (random.chance(0.02)) return plan(scene, 5 * HOUR, actor, amend, { message: 'amendment' });
  if (random.chance(0.05) && found.clock.followUps < FOLLOW_UPS_MAX) {
    const rule: PlannedDeed['rule'] = (one, act) => followUp(one, assignable, act);
    return plan(scene, 2 * DAY, patient, rule, { message: 'follow-up' });
  }
  return random.chance(0.5) ? plan(scene, 3 * DAY, patient, close) : null;
}
