import { setImmediate } from 'node:timers/promises';
import type { UserActor } from '../../src/domain/access/actor.ts';
import type { CasePriority } from '../../src/domain/cases/case.ts';
import { DEFAULT_TENANT_ID } from '../../src/domain/shared/ids.ts';
import type { Tenant } from '../../src/domain/tenancy/tenant.ts';
import { CaseRows } from './case-rows.ts';
import { liveCase } from './case-life.ts';
import type { Installation } from './open-installation.ts';
import type { SeedConnection } from './seed-connection.ts';
import { lastPatient } from './seed-people.ts';
import { actorOf, type SeedActor, type SeedWorld } from './seed-world.ts';
import { SeededRandom } from './seeded-random.ts';
import { analyzeSeeded } from './seeded-tables.ts';
import { LANGUAGE_SHARES, seededUser } from './staff.ts';

/** Cases that one transaction keeps. */
const BATCH = 5_000;
/** Cases that are made up without a pause. */
const CASES_A_TURN = 20;
/** Milliseconds before the present in which the first case was submitted: two years. */
const SPAN_MS = 730 * 86_400_000;
/** Cases to one patient, on average. */
const CASES_A_PATIENT = 3;
/** Patients who may come back: whoever has not for long does not any more. */
const RETURNING_PATIENTS = 20_000;

const PRIORITIES: readonly (readonly [CasePriority, number])[] = [
  ['routine', 75],
  ['urgent', 20],
  ['asap', 5],
];
const SPECIALTIES = [
  ...['cardiology', 'dermatology', 'endocrinology', 'gastroenterology', 'neurology', 'oncology'],
  ...['ophthalmology', 'orthopaedics', 'paediatrics', 'psychiatry', 'radiology', 'urology'],
];

/** A patient who has been made up, with all that a case needs of him. */
interface Patient {
  readonly tenant: Tenant;
  readonly actor: UserActor;
  readonly language: string;
}

/** What is to be added. */
export interface Wish {
  /** Cases that are there already. */
  readonly there: number;
  /** Cases that shall be there. */
  readonly wanted: number;
  /** Of the patients; `null` where nobody is to sign in with their accounts. */
  readonly passwordHash: string | null;
  /** Ends it early: what is being written by then is finished. */
  readonly signal: AbortSignal;
  /** Told how many cases there are. */
  readonly onProgress: (there: number) => void;
}

type Parts = Pick<Installation, 'connections' | 'textCipher' | 'keyedHash'>;

/**
 * Adds the cases that are missing, the oldest first: more and more of them, the nearer the present comes.
 *
 * @returns how many it added
 */
export async function addCases(parts: Parts, world: SeedWorld, wish: Wish): Promise<number> {
  const { there, wanted, passwordHash, onProgress, signal } = wish;
  const { connections } = parts;
  const legacy = await CaseRows.legacyColumns(connections[0]);
  const patients = new Patients(world, await lastPatient(connections[0]), passwordHash);
  const writers = connections.map((connection) => new Writer(connection));
  let added = 0;
  for (let from = there; from < wanted && !signal.aborted; from += BATCH) {
    const rows = new CaseRows(parts, world, legacy);
    const to = Math.min(wanted, from + BATCH);
    for (let number = from; number < to; number += 1) {
      const part = (number - there + 0.5) / (wanted - there);
      const at = new Date(Math.floor(world.now.getTime() - SPAN_MS * (1 - part) ** 2));
      await addCase(rows, world, patients, { number, at });
      // Making them up leaves nobody else a turn: what is being written has to go on.
      if (number % CASES_A_TURN === 0) await setImmediate();
    }
    // In turn, so that the next ones are made up while these are written.
    const writer = writers[((from - there) / BATCH) % writers.length];
    await writer?.write(rows, () => onProgress(there + (added += to - from)));
    if (from === there) {
      // Plans from before there were any rows would read whole tables for each foreign key.
      await writer?.done();
      await analyzeSeeded(connections[0]);
    }
  }
  await Promise.all(writers.map((writer) => writer.done()));
  await analyzeSeeded(connections[0]);
  return added;
}

/** Writes rows, one batch after the other. */
class Writer {
  readonly #connection: SeedConnection;
  #written: Promise<void> = Promise.resolve();

  constructor(connection: SeedConnection) {
    this.#connection = connection;
  }

  /** Waits for the batch before, and for the accounts: their patients may come back with cases that another one writes. */
  async write(rows: CaseRows, onWritten: () => void): Promise<void> {
    await this.#written;
    await rows.writeUsers(this.#connection);
    this.#written = rows.write(this.#connection).then(onWritten);
    // Its fault is met where it is waited for.
    this.#written.catch(() => undefined);
  }

  done(): Promise<void> {
    return this.#written;
  }
}

async function addCase(
  rows: CaseRows,
  world: SeedWorld,
  patients: Patients,
  { number, at }: { readonly number: number; readonly at: Date },
): Promise<void> {
  const random = new SeededRandom('case', number);
  const { actor, language, tenant } = patients.next(rows, at, random);
  const isAnonymous = world.anonymousCases && random.chance(0.02);
  const submission = {
    id: random.uuid(at),
    tenantId: tenant.id,
    patientId: isAnonymous ? null : actor.userId,
    language,
    priority: random.share(PRIORITIES),
    specialty: random.chance(0.8) ? random.pick(SPECIALTIES) : null,
    vendorId: random.chance(0.15) ? `seed-vendor-${String(1 + random.whole(3))}` : null,
  };
  const submitter: SeedActor = isAnonymous ? { kind: 'anonymous', tenantId: tenant.id } : actor;
  const life = liveCase({ tenant, submission, submitter, patient: actor, at }, world, random);
  await rows.add(life, random);
}

/** Patients, made up when their first case comes, who come back with others. */
class Patients {
  readonly #passwordHash: string | null;
  readonly #tenantShares: readonly (readonly [Tenant, number])[];
  readonly #known: Patient[] = [];
  readonly #before: number;
  #last: number;

  constructor(world: SeedWorld, there: number, passwordHash: string | null) {
    this.#before = there;
    this.#last = there;
    this.#passwordHash = passwordHash;
    // The practice has most, and the others fewer and fewer.
    this.#tenantShares = world.tenants.map((tenant, index) => [
      tenant,
      tenant.id === DEFAULT_TENANT_ID ? world.tenants.length / 4 : 1 / (1 + index / 4),
    ]);
  }

  next(rows: CaseRows, at: Date, random: SeededRandom): Patient {
    const returns = this.#known.length > 0 && !random.chance(1 / CASES_A_PATIENT);
    return returns ? random.pick(this.#known) : this.#add(rows, at, random);
  }

  #add(rows: CaseRows, at: Date, random: SeededRandom): Patient {
    const tenant = random.share(this.#tenantShares);
    const language = random.share(LANGUAGE_SHARES);
    const account = { tenant, role: 'patient', number: (this.#last += 1), language } as const;
    const user = seededUser(random, account, this.#passwordHash, at);
    rows.addUser(user);
    const patient = { tenant, language, actor: actorOf(tenant.id, user.id, 'patient') };
    this.#known[(this.#last - this.#before - 1) % RETURNING_PATIENTS] = patient;
    return patient;
  }
}
