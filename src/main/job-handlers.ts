import type { Application } from '../application/application.ts';
import type { OutboxTopic } from '../application/ports/stores/outbox.ts';
import type { JobHandler } from '../adapters/jobs/queue-worker.ts';

/**
 * What is done for each topic of the outbox.
 *
 * @param onEvent told of mails that nobody will get, by their entry in the outbox
 */
export const jobHandlers = (
  { access, identity }: Application,
  onEvent: (event: string) => void,
): Readonly<Record<OutboxTopic, JobHandler>> => ({
  mail: async (job) => {
    try {
      const delivery = await identity.deliverMail.execute(job);
      if (delivery === 'refused') onEvent(`refused for good: entry ${job.outboxId} of the outbox`);
    } catch (error) {
      if (job.lastAttempt) onEvent(`given up: entry ${job.outboxId} of the outbox`);
      throw error;
    }
  },
  'mfa-reset': async (job) => {
    await access.completeMfaResets.execute(job);
  },
});
