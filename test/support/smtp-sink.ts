import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A message that a server took. */
export interface TakenMessage {
  readonly source: Buffer;
  readonly recipients: readonly string[];
  /** Whether it came over TLS. */
  readonly secure: boolean;
  readonly user: unknown;
}

/** A real SMTP server on 127.0.0.1, with the library's own certificate. */
export interface SmtpSink {
  readonly port: number;
  /** The messages that it took, in their order. */
  readonly taken: readonly TakenMessage[];
  /** How many connections were opened. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** The account that every sink knows. */
export const SMTP_USER = { name: 'casegate', password: 'pass/word@1' };

/** A failure that the server answers with the code. */
export const reply = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });

/**
 * Starts a server that offers STARTTLS and asks for AUTH.
 *
 * @param options what it does otherwise
 * @param onMessage what it says to a message that it has read; it takes those for which this gives nothing
 */
export async function startSmtpSink(
  options: SMTPServerOptions = {},
  onMessage: (count: number) => Error | null = () => null,
): Promise<SmtpSink> {
  const taken: TakenMessage[] = [];
  let connections = 0;
  let messages = 0;
  const server = new SMTPServer({
    disableReverseLookup: true,
    logger: false,
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onAuth: ({ username, password }, _session, done) => {
      const isKnown = username === SMTP_USER.name && password === SMTP_USER.password;
      done(isKnown ? null : reply(535, 'No such account'), { user: username });
    },
    onData: (stream, { envelope, secure, user }, done) => {
      void buffer(stream).then((source) => {
        messages += 1;
        const refusal = onMessage(messages);
        const recipients = envelope.rcptTo.map(({ address }) => address);
        if (refusal === null) taken.push({ source, recipients, secure, user });
        done(refusal);
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
