import { expect } from 'chai';
import { InvalidCredentials } from '../../../../src/domain/access/errors.ts';
import { EmailTaken } from '../../../../src/domain/identity/errors.ts';
import type { Case } from '../../../../src/domain/cases/case.ts';
import type { Stores, UnitOfWork } from '../../../../src/application/ports/unit-of-work.ts';
import type { Settings } from '../../../../src/application/ports/system/settings.ts';
import type { Role } from '../../../../src/domain/identity/user.ts';
import type { Tenant } from '../../../../src/domain/tenancy/tenant.ts';
import { compose } from '../../../../src/main/compose.ts';
import { ANONYMOUS, NO_CLIENT, PASSWORD } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { ofKind } from '../../../support/of-kind.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { signedIn } from '../../../support/signed-in.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'somebody@example.org';
const FAULT = 'The case cannot be kept.';

/** The unit of work in which no step of a case is kept. */
function failingCases(unitOfWork: UnitOfWork): UnitOfWork {
  const withFault = (stores: Stores): Stores => {
    const { cases } = stores;
    return {
      ...stores,
      cases: {
        intake: (language, vendor) => cases.intake(language, vendor),
        hasCandidate: (routed) => cases.hasCandidate(routed),
        add: (submission) => cases.add(submission),
        save: () => Promise.reject(new Error(FAULT)),
        adoptLegacy: (adopted) => cases.adoptLegacy(adopted),
        readLegacyQuestion: (id, scope) => cases.readLegacyQuestion(id, scope),
        find: (id, scope) => cases.find(id, scope),
        list: (scope, filter, request) => cases.list(scope, filter, request),
        queueFor: (physician, request) => cases.queueFor(physician, request),
        queue: (request) => cases.queue(request),
        lockOpenOf: (physicianId) => cases.lockOpenOf(physicianId),
        listMessages: (id) => cases.listMessages(id),
        listReasons: (id) => cases.listReasons(id),
        listEvents: (id, request) => cases.listEvents(id, request),
        findByReceipt: (hash, now) => cases.findByReceipt(hash, now),
        spendReceipts: (hashes, now) => cases.spendReceipts(hashes, now),
      },
    };
  };
  return {
    stores: (tenantId) => withFault(unitOfWork.stores(tenantId)),
    run: (tenantId, work) =>
      unitOfWork.run(tenantId, (stores, elsewhere) =>
        work(withFault(stores), (other) => withFault(elsewhere(other))),
      ),
  };
}

describe('Anonymous cases that are adopted on the way in', () => {
  let here: World;
  let receipt: string;
  let caseId: string;

  const open = async (settings: Partial<Settings> = {}) => {
    here = world({ settings });
    ({ receipt, caseId } = await submit());
  };
  beforeEach(() => open());

  async function submit(): Promise<{ readonly receipt: string; readonly caseId: string }> {
    const submission = { actor: ANONYMOUS, language: 'en', question: 'Is it so?' };
    const { view, receipt: given } = await here.app.cases.submitCase.execute(submission);
    return { receipt: given!, caseId: view.case.id };
  }
  const accountOf = ({
    tenant,
    receipts = [receipt],
  }: {
    tenant?: Tenant;
    receipts?: readonly string[];
  }) => ({
    email: EMAIL,
    password: PASSWORD,
    tenant: tenant?.slug,
    client: NO_CLIENT,
    receipts,
  });
  const register = (given: Parameters<typeof accountOf>[0] = {}, app = here.app) =>
    app.identity.registerUser.execute(accountOf(given));
  const login = (given: Parameters<typeof accountOf>[0] = {}, app = here.app) =>
    app.access.login.execute(accountOf(given));
  const member = (role: Role, tenant?: Tenant) =>
    here.member(role, { email: EMAIL, ...(tenant && { tenant }) });
  const caseOf = async (id = caseId): Promise<Case> =>
    (await here.rows('cases')).find((row) => row.id === id)!;
  const expectUntouched = async () => {
    expect(await caseOf()).to.include({ patientId: null, version: 1 });
    const shown = await here.app.cases.readReceipt.execute({ receipt });
    expect(shown).to.deep.equal({ state: 'queued', answered: false });
  };

  describe('at a registration', () => {
    it('are the new patient’s, together with his account and his session', async () => {
      const other = await submit();
      const receipts = [receipt, 'nonsense', other.receipt];
      const { user, adopted } = signedIn(await register({ receipts }));
      expect(adopted).to.have.members([caseId, other.caseId]);
      for (const id of [caseId, other.caseId]) expect((await caseOf(id)).patientId).to.equal(user.id);
      const entries = await here.audited('cases.adopted');
      expect(entries.map(({ actor }) => actor)).to.deep.equal(
        [0, 1].map(() => ({ kind: 'user', id: user.id })),
      );
    });

    it('are none where none are given, or those that are do not count', async () => {
      expect(signedIn(await register({ receipts: ['nonsense'] })).adopted).to.deep.equal([]);
      await expectUntouched();
    });

    it('are none where the address is taken', async () => {
      await here.patient({ email: EMAIL });
      expect(await refusalOf(register())).to.be.instanceOf(EmailTaken);
      await expectUntouched();
    });

    it('are none in another tenant', async () => {
      const tenant = await here.tenant();
      expect(signedIn(await register({ tenant })).adopted).to.deep.equal([]);
      await expectUntouched();
    });

    it('are none where the address has to be confirmed first: they wait for the sign-in', async () => {
      await open({ signIn: { emailVerification: 'required', secondFactor: 'nobody' } });
      expect(await register()).to.deep.equal({ kind: 'verification-sent' });
      await expectUntouched();
      const { token } = await here.mailTo(EMAIL, 'verify-email');
      await here.app.identity.verifyEmail.execute({ token });
      expect(signedIn(await login()).adopted).to.deep.equal([caseId]);
    });

    it('are none where a second factor has to be enrolled first', async () => {
      const [tenant] = await here.rows('tenants');
      await here.adapters.database.write((tables) => {
        tables.tenants.set(tenant!.id, { ...tenant!, mfaRequired: true });
      });
      ofKind(await register(), 'second-factor-enrolment-required');
      await expectUntouched();
    });

    it('are kept together with the account, or neither is', async () => {
      expect(await faultOf(register({}, here.unauditedApp))).to.have.property('message', AUDIT_FAULT);
      const unitOfWork = failingCases(here.adapters.unitOfWork);
      const broken = compose({ ...here.adapters, unitOfWork });
      expect(await faultOf(register({}, broken))).to.have.property('message', FAULT);
      expect(await here.rows('users')).to.deep.equal([]);
      expect(await here.rows('sessions')).to.deep.equal([]);
      await expectUntouched();
    });
  });

  describe('at a sign-in', () => {
    it('are the patient’s, together with his session', async () => {
      const { user } = await member('patient');
      expect(signedIn(await login()).adopted).to.deep.equal([caseId]);
      expect(await caseOf()).to.include({ patientId: user.id, version: 2 });
      expect(await here.rows('sessions')).to.have.length(2);
    });

    it('are adopted once, also by ten sign-ins at once, each of which lets him in', async () => {
      await member('patient');
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => login()));
      const adopted = outcomes.flatMap((outcome) => signedIn(outcome).adopted);
      expect(adopted).to.deep.equal([caseId]);
      expect(await here.audited('cases.adopted')).to.have.length(1);
    });

    it('are none where those given do not count, which keeps nobody out', async () => {
      await member('patient');
      here.clock.advance(24 * 3600);
      const { adopted } = signedIn(await login({ receipts: [receipt, 'nonsense'] }));
      expect(adopted).to.deep.equal([]);
    });

    it('are none for physicians and admins', async () => {
      for (const role of ['physician', 'admin'] as const) {
        await open();
        await member(role);
        expect(signedIn(await login()).adopted).to.deep.equal([]);
        await expectUntouched();
      }
    });

    it('are none in another tenant', async () => {
      const tenant = await here.tenant();
      await member('patient', tenant);
      expect(signedIn(await login({ tenant })).adopted).to.deep.equal([]);
      await expectUntouched();
    });

    it('are none where the password is wrong', async () => {
      await member('patient');
      const attempt = here.app.access.login.execute({ ...accountOf({}), password: 'not the password' });
      expect(await refusalOf(attempt)).to.be.instanceOf(InvalidCredentials);
      await expectUntouched();
    });

    it('are none while a second factor is to follow; they are adopted later', async () => {
      const { actor } = await member('patient');
      const totp = await enrolTotp(here, actor);
      const { challengeId } = ofKind(await login(), 'second-factor-required');
      await expectUntouched();
      const answer = { code: totp.code() };
      const command = { challengeId, answer, client: NO_CLIENT };
      const { tokens } = signedIn(await here.app.access.answerChallenge.execute(command));
      await expectUntouched();
      const signedInActor = (await here.whoIs(tokens))!;
      const later = { actor: signedInActor, receipts: [receipt] };
      expect(await here.app.cases.adoptCases.execute(later)).to.deep.equal([caseId]);
    });

    it('are kept together with the session, or neither is', async () => {
      await member('patient');
      const sessions = await here.rows('sessions');
      const unitOfWork = failingCases(here.adapters.unitOfWork);
      const broken = compose({ ...here.adapters, unitOfWork });
      expect(await faultOf(login({}, broken))).to.have.property('message', FAULT);
      expect(await here.rows('sessions')).to.deep.equal(sessions);
      await expectUntouched();
      expect(signedIn(await login()).adopted).to.deep.equal([caseId]);
    });
  });
});
