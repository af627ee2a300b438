/** For `refine`: the fields of a PATCH are all optional, but one of them must be there. */
export const hasField = (fields: object): boolean => Object.keys(fields).length > 0;

/** What the refusal says. */
export const AT_LEAST_ONE = { params: { detail: 'Must have at least one field.' } };
