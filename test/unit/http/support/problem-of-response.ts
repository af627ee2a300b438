import { expect } from 'chai';
import type { ProblemBody } from '../../../../src/adapters/http/problems/problem-body.ts';

/** The problem that a response tells of, after a look at what every problem has. */
export async function problemOfResponse(response: Response): Promise<ProblemBody> {
  expect(response.headers.get('content-type')).to.equal('application/problem+json');
  const problem = (await response.json()) as ProblemBody;
  expect(problem.status).to.equal(response.status);
  expect(problem.requestId).to.equal(response.headers.get('x-request-id'));
  expect(problem.instance).to.equal(`urn:uuid:${problem.requestId}`);
  expect(problem.type.endsWith(`/docs/problems#${problem.code}`), problem.type).to.be.true;
  expect(problem.title).to.be.a('string').that.is.not.empty;
  return problem;
}
