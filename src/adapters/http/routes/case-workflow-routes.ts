import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import type { CaseCommand } from '../../../application/steps/act-on-case.ts';
import type { Act } from '../../../domain/access/policy.ts';
import { CASE_TEXT_MAX } from '../../../domain/cases/case-text.ts';
import type { CaseView } from '../../../domain/cases/case-view.ts';
import { REASON_MAX_LENGTH } from '../../../domain/shared/reason.ts';
import { found } from '../found.ts';
import type { ProblemCode } from '../problems/problem-catalogue.ts';
import { type FieldPointers, route, type Route } from '../route.ts';
import { CaseBody, caseViewBody } from '../schemas/case-body.ts';
import { IdParams } from '../schemas/id-params.ts';

/** The acts by which a case goes on, each of them somebody's. */
type WorkflowAct = Extract<
  Act,
  | 'cases.claim'
  | 'cases.work'
  | 'cases.release'
  | 'cases.assign'
  | 'cases.reply'
  | 'cases.cancel'
  | 'cases.void'
>;

/** What comes with a verb, and what of it the use case may refuse. */
interface VerbInput<Body extends z.ZodType<object>> {
  readonly body: Body;
  readonly problems?: readonly ProblemCode[];
  readonly pointers?: FieldPointers;
}

/** A verb as it is written down. */
interface Verb<Body extends z.ZodType<object>> {
  readonly access: WorkflowAct;
  readonly summary: string;
  readonly input: VerbInput<Body>;
  readonly act: (command: Omit<CaseCommand, 'version'> & z.output<Body>) => Promise<CaseView | null>;
}

const VERSION = z.int().min(1).optional().meta({
  description: '`version` of the case that you decided on; without it the act is on the case as it is',
});
const TEXT = z.string().meta({ description: `1 to ${CASE_TEXT_MAX.toLocaleString('en')} code points` });
const REASON = z.string().meta({
  description: `Why, in 1 to ${REASON_MAX_LENGTH.toLocaleString('en')} code points; kept as confidential as the text`,
});

const REASON_REFUSED = {
  problems: ['cases.reason-rejected'],
  pointers: { 'cases.reason-rejected': '/reason' },
} as const;
const textRefused = (pointer: string) =>
  ({ problems: ['cases.text-rejected'], pointers: { 'cases.text-rejected': pointer } }) as const;

const NOTHING = { body: z.strictObject({ version: VERSION }).default({}) };
const OPTIONAL_REASON = {
  body: z.strictObject({ version: VERSION, reason: REASON.optional() }).default({}),
  ...REASON_REFUSED,
};
const WITH_REASON = { body: z.strictObject({ version: VERSION, reason: REASON }), ...REASON_REFUSED };
const WITH_MESSAGE = {
  body: z.strictObject({ version: VERSION, message: TEXT }),
  ...textRefused('/message'),
};
const WITH_ANSWER = { body: z.strictObject({ version: VERSION, answer: TEXT }), ...textRefused('/answer') };
const WITH_PHYSICIAN = {
  body: z.strictObject({
    version: VERSION,
    physicianId: z.uuid().toLowerCase().meta({ description: 'Of the tenant, or of the practice' }),
    reason: REASON,
  }),
  problems: ['cases.physician-not-eligible', 'cases.reason-rejected'],
  pointers: { 'cases.physician-not-eligible': '/physicianId', 'cases.reason-rejected': '/reason' },
} as const;

/** One verb: all of them answer with the case as it is then, and are refused alike. */
const verb = <Body extends z.ZodType<object>>(
  name: string,
  { access, act, input, summary }: Verb<Body>,
): Route =>
  route({
    method: 'post',
    path: `/cases/:id/${name}`,
    summary,
    access,
    limit: 'authenticated',
    input: { params: IdParams, body: input.body },
    responses: { 200: z.object({ case: CaseBody }) },
    problems: ['cases.conflict', 'cases.not-allowed-in-state', ...(input.problems ?? [])],
    pointers: input.pointers ?? {},
    handle: async ({ actor, body, params }) => {
      const view = found(await act({ actor, caseId: params.id, ...body }));
      return { status: 200, body: { case: caseViewBody(view) } };
    },
  });

const givingVerbs = ({ cases }: Application): readonly Route[] => [
  verb('claim', {
    access: 'cases.claim',
    summary: 'Take a case from the queue; of many who try at once, one gets it',
    input: NOTHING,
    act: (command) => cases.claimCase.execute(command),
  }),
  verb('assign', {
    access: 'cases.assign',
    summary: 'Give a queued case to a physician, as an admin',
    input: WITH_PHYSICIAN,
    act: (command) => cases.assignCase.execute(command),
  }),
  verb('reassign', {
    access: 'cases.assign',
    summary: 'Give a case that a physician has to another one, as an admin',
    input: WITH_PHYSICIAN,
    act: (command) => cases.reassignCase.execute(command),
  }),
  verb('release', {
    access: 'cases.release',
    summary: 'Give a case back to the queue, as its assignee or as an admin',
    input: OPTIONAL_REASON,
    act: (command) => cases.releaseCase.execute(command),
  }),
];

const assigneeVerbs = ({ cases }: Application): readonly Route[] => [
  verb('start', {
    access: 'cases.work',
    summary: 'Begin to review a case, as its assignee',
    input: NOTHING,
    act: (command) => cases.startCase.execute(command),
  }),
  verb('ask-info', {
    access: 'cases.work',
    summary: 'Ask the patient for something, as the assignee; the clocks of the case pause',
    input: WITH_MESSAGE,
    act: (command) => cases.askInfo.execute(command),
  }),
  verb('answer', {
    access: 'cases.work',
    summary: 'Answer a case, as its assignee',
    input: WITH_ANSWER,
    act: (command) => cases.answerCase.execute(command),
  }),
  verb('amend', {
    access: 'cases.work',
    summary: 'Add another version of an answer, as its author; the former ones stay',
    input: WITH_ANSWER,
    act: (command) => cases.amendAnswer.execute(command),
  }),
  verb('decline', {
    access: 'cases.work',
    summary: 'End a case on which you cannot give an opinion, as its assignee',
    input: WITH_REASON,
    act: (command) => cases.declineCase.execute(command),
  }),
];

const patientVerbs = ({ cases }: Application): readonly Route[] => [
  verb('reply', {
    access: 'cases.reply',
    summary: 'Tell the physician what he asked for, as the patient; the clocks of the case go on',
    input: WITH_MESSAGE,
    act: (command) => cases.replyToInfo.execute(command),
  }),
  verb('follow-up', {
    access: 'cases.reply',
    summary: 'Ask something about an answer, as the patient: within 14 days, twice at most',
    input: WITH_MESSAGE,
    act: (command) => cases.followUpCase.execute(command),
  }),
  verb('close', {
    access: 'cases.reply',
    summary: 'Close an answered case, as its patient',
    input: NOTHING,
    act: (command) => cases.closeCase.execute(command),
  }),
];

const endingVerbs = ({ cases }: Application): readonly Route[] => [
  verb('cancel', {
    access: 'cases.cancel',
    summary: 'End a case for which no opinion is wanted any more, as its patient or as an admin',
    input: WITH_REASON,
    act: (command) => cases.cancelCase.execute(command),
  }),
  verb('void', {
    access: 'cases.void',
    summary: 'Hide a case from everybody but admins; nothing of it is deleted',
    input: WITH_REASON,
    act: (command) => cases.voidCase.execute(command),
  }),
];

/** `/cases/{id}/…`: each step in the life of a case. */
export const caseWorkflowRoutes = (app: Application): readonly Route[] => [
  ...givingVerbs(app),
  ...assigneeVerbs(app),
  ...patientVerbs(app),
  ...endingVerbs(app),
];
