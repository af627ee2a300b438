/**
 * What an act throws that nobody meant to.
 *
 * @throws {Error} where it throws nothing
 */
export async function faultOf(act: Promise<unknown>): Promise<unknown> {
  try {
    await act;
  } catch (error) {
    return error;
  }
  throw new Error('The act met no fault.');
}
