import { Unavailable } from '../../domain/access/errors.ts';
import { isSerializationFailure } from './pg-errors.ts';

/** How often work is repeated that lost against another transaction. */
const MAX_RETRIES = 3;

/**
 * Does `action` again where the server undid it as a whole (serialization failure, deadlock), three times at most.
 *
 * @throws {Unavailable} where it lost each time
 */
export async function retryLost<T>(action: () => Promise<T>): Promise<T> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await action();
    } catch (error) {
      if (!isSerializationFailure(error)) throw error;
      if (retries === MAX_RETRIES) throw new Unavailable();
    }
  }
}
