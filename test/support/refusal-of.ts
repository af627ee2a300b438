import { DomainError } from '../../src/domain/shared/domain-error.ts';

/**
 * The refusal that an act meets.
 *
 * @throws {Error} where it meets none, and whatever else it throws: a fault is no refusal
 */
export async function refusalOf(act: Promise<unknown>): Promise<DomainError> {
  try {
    await act;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('The act was not refused.');
}
