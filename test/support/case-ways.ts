/** The acts that bring a new case into a state, and whose they are; one that expired has waited for its patient after them. */
export const CASE_WAYS = {
  queued: [],
  assigned: [['claim', 'physician']],
  in_review: [
    ['claim', 'physician'],
    ['start', 'physician'],
  ],
  info_requested: [
    ['claim', 'physician'],
    ['start', 'physician'],
    ['ask-info', 'physician'],
  ],
  answered: [
    ['claim', 'physician'],
    ['start', 'physician'],
    ['answer', 'physician'],
  ],
  closed: [
    ['claim', 'physician'],
    ['start', 'physician'],
    ['answer', 'physician'],
    ['close', 'patient'],
  ],
  declined: [
    ['claim', 'physician'],
    ['decline', 'physician'],
  ],
  cancelled: [['cancel', 'patient']],
  expired: [
    ['claim', 'physician'],
    ['start', 'physician'],
    ['ask-info', 'physician'],
  ],
  void: [['void', 'admin']],
} as const;

/** The states that a case with a workflow can be in. */
export type ReachedState = keyof typeof CASE_WAYS;
export const REACHED_STATES = Object.keys(CASE_WAYS) as readonly ReachedState[];
