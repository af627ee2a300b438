import { expect } from 'chai';
import {
  DatabaseFault,
  isSerializationFailure,
  isUnavailable,
  translate,
} from '../../../src/adapters/postgres/pg-errors.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { EmailTaken } from '../../../src/domain/identity/errors.ts';

const pgError = (code: string, more: object = {}) =>
  Object.assign(new Error('value "dana@example.com" is bad'), {
    code,
    detail: 'Key (email)=(dana@example.com) already exists.',
    ...more,
  });

describe('Errors of Postgres', () => {
  it('become the refusal that the violated constraint stands for', () => {
    const refusals = { users_tenant_email_key: () => new EmailTaken() };
    const error = pgError('23505', { constraint: 'users_tenant_email_key' });
    expect(translate(error, refusals)).to.be.instanceOf(EmailTaken);
    expect(translate(error)).to.be.instanceOf(DatabaseFault);
    expect(translate(pgError('23505', { constraint: 'toString' }), refusals)).to.be.instanceOf(DatabaseFault);
  });

  it('become unavailable where the database is out of reach, busy, full or read-only', () => {
    const codes = [
      ...[
        '57P01',
        '57P02',
        '57P03',
        '57014',
        '08000',
        '08006',
        '53100',
        '53200',
        '53300',
        '25006',
        '55P03',
        '58030',
      ],
      ...['25P03', '26000', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'],
    ];
    for (const code of codes) expect(translate(pgError(code)), code).to.be.instanceOf(Unavailable);
    const messages = [
      'Connection terminated unexpectedly',
      'Connection terminated due to connection timeout',
      'timeout exceeded when trying to connect',
      'Query read timeout',
      'Client has encountered a connection error and is not queryable',
      'Client was closed and is not queryable',
    ];
    for (const message of messages) expect(isUnavailable(new Error(message)), message).to.equal(true);
    expect(isUnavailable(new AggregateError([pgError('ECONNREFUSED')]))).to.equal(true);
    expect(isUnavailable(pgError('0A000', { routine: 'RevalidateCachedQuery' }))).to.equal(true);
  });

  it('become faults that carry a code and nothing that a person wrote', () => {
    const fault = translate(pgError('22P02'));
    expect(fault).to.be.instanceOf(DatabaseFault);
    expect(`${String(fault)} ${JSON.stringify(fault)} ${(fault as Error).stack ?? ''}`).not.to.contain(
      'dana',
    );
    expect(fault).not.to.have.property('cause');
  });

  it('leave what is no error of the database as it is', () => {
    const bug = new TypeError('a bug');
    expect(translate(bug)).to.equal(bug);
    const refusal = new EmailTaken();
    expect(translate(refusal)).to.equal(refusal);
    expect(isUnavailable(pgError('0A000'))).to.equal(false);
    expect(isUnavailable(pgError('42P01'))).to.equal(false);
  });

  it('tell transactions that lost and are worth repeating', () => {
    expect(['40001', '40P01', '23505'].map((code) => isSerializationFailure(pgError(code)))).to.deep.equal([
      true,
      true,
      false,
    ]);
  });
});
