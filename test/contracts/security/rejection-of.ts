import { AssertionError } from 'chai';

/** Waits for a promise to be rejected and gives what it was rejected with; fails where it is not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new AssertionError('expected a rejection');
}
