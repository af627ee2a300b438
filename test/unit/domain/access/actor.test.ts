import { expect } from 'chai';
import { actorOf, REFRESH_RETRY_SECONDS } from '../../../../src/domain/access/access-token.ts';
import { auditActorOf } from '../../../../src/domain/access/actor.ts';
import { ANONYMOUS, aUserActor, NOW, SYSTEM } from '../../../support/builders.ts';

describe('An actor', () => {
  it('is in the audit trail as a user with his id, and nothing else of him', () => {
    const actor = aUserActor('physician');
    expect(auditActorOf(actor)).to.deep.equal({ kind: 'user', id: actor.userId });
  });

  it('is in the audit trail as nobody or the installation, where it is no user', () => {
    expect(auditActorOf(ANONYMOUS)).to.deep.equal({ kind: 'anonymous' });
    expect(auditActorOf(SYSTEM)).to.deep.equal({ kind: 'system' });
  });

  it('is what a verified token tells of a person, tenant, session and role', () => {
    const actor = aUserActor('admin');
    const claims = { ...actor, kind: undefined, epoch: 3, amr: ['pwd'] as const, authTime: NOW };
    expect(actorOf(claims)).to.deep.equal(actor);
  });
});

describe('The retry of a refresh', () => {
  it('is answered for ten seconds', () => {
    expect(REFRESH_RETRY_SECONDS).to.equal(10);
  });
});
