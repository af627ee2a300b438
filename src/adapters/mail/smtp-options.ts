import type { SMTPPoolOptions } from 'nodemailer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import { isLoopbackHost } from './is-loopback-host.ts';

/** How long to wait for a server; milliseconds. */
export interface SmtpTimeouts {
  /** Until a connection is ready: name, connection, greeting and TLS. */
  readonly connection: number;
  readonly greeting: number;
  /** While nothing comes. */
  readonly socket: number;
  /** For a whole attempt, so that a server which goes on answering a little at a time holds nobody up. */
  readonly attempt: number;
}

/** The host by address: the name is asked of name servers, and what they answer may be another machine. */
const addressOf = (host: string): string => (host.toLowerCase() === 'localhost' ? '127.0.0.1' : host);

/**
 * The settings of nodemailer's pool. Those in the query of the URL are kept, but none of them can write mails into a log, take longer
 * than the own timeouts, or leave the certificate of another machine unchecked.
 *
 * @param url as SMTP_URL: `smtp:` (STARTTLS where it is offered) or `smtps:` (TLS from the start)
 * @param requireTls whether to refuse another machine without TLS
 * @throws {Error} where it is no URL; without the URL, which holds a password
 */
export function smtpOptions(
  url: string,
  requireTls: boolean,
  timeouts: SmtpTimeouts,
): SMTPPoolOptions & { readonly pool: true } {
  const { protocol } = URL.parse(url) ?? {};
  if (protocol !== 'smtp:' && protocol !== 'smtps:') {
    throw new Error('SMTP_URL must begin with smtp:// or smtps://.');
  }
  const { host = 'localhost', url: _another, ...asked } = parseConnectionUrl(url);
  const isLocal = isLoopbackHost(host) && asked.service === undefined && asked['proxy'] === undefined;
  const atMost = (limit: number, wanted: unknown): number =>
    typeof wanted === 'number' && wanted > 0 ? Math.min(wanted, limit) : limit;
  return {
    ...asked,
    host: isLocal ? addressOf(host) : host,
    pool: true,
    connectionTimeout: atMost(timeouts.connection, asked['connectionTimeout']),
    greetingTimeout: atMost(timeouts.greeting, asked['greetingTimeout']),
    socketTimeout: atMost(timeouts.socket, asked['socketTimeout']),
    socketCloseTimeout: atMost(1_000, asked['socketCloseTimeout']),
    // Only in place of a connection that the server had closed meanwhile: other attempts are the caller's.
    maxRequeues: 1,
    logger: false,
    debug: false,
    transactionLog: false,
    tls: { ...asked.tls, rejectUnauthorized: !isLocal },
    ...(requireTls && !isLocal && { requireTLS: true }),
  };
}
