import { expect } from 'chai';
import { actorOf, REFRESH_RETRY_SECONDS } from '../../../../src/domain/access/access-token.ts';
import { auditActorOf } from '../../../../src/domain/access/actor.ts';
import { anEnrollingActor, ANONYMOUS, aUserActor, SYSTEM } from '../../../support/builders.ts';

describe('An actor', () => {
  it('is in the audit trail as a user with his id, and nothing else of him', () => {
    const actor = aUserActor('physician');
    expect(auditActorOf(actor)).to.deep.equal({ kind: 'user', id: actor.userId });
  });

  it('is in the audit trail as the user whose password was right, where a second factor is to be enrolled', () => {
    const actor = anEnrollingActor();
    expect(auditActorOf(actor)).to.deep.equal({ kind: 'user', id: actor.userId });
  });

  it('is in the audit trail as nobody or the installation, where it is no user', () => {
    expect(auditActorOf(ANONYMOUS)).to.deep.equal({ kind: 'anonymous' });
    expect(auditActorOf(SYSTEM)).to.deep.equal({ kind: 'system' });
  });

  it('is what a verified token tells of a person, tenant, session, role and proof', () => {
    const actor = aUserActor('admin', { amr: ['pwd', 'otp', 'mfa'] });
    const claims = { ...actor, kind: undefined, epoch: 3 };
    expect(actorOf(claims)).to.deep.equal(actor);
  });
});

describe('The retry of a refresh', () => {
  it('is answered for ten seconds', () => {
    expect(REFRESH_RETRY_SECONDS).to.equal(10);
  });
});
