import { timingSafeEqual } from 'node:crypto';
import { generate, generateSecret } from 'otplib';
import { toString as drawQrCode } from 'qrcode';
import type { Totp, TotpEnrolment } from '../../application/ports/security/totp.ts';

/** Seconds of a time step (RFC 6238, section 4.1), and digits of a code. */
const PERIOD_SECONDS = 30;
const DIGITS = 6;
/** Octets of a secret: as many as HMAC-SHA-1 gives (RFC 4226, section 4, R6). */
const SECRET_OCTETS = 20;

/** The present step is the likeliest; what is before it comes from slow typing, what is after it from fast clocks. */
const STEPS_TRIED = [0, -1, 1];

/** Characters of an encoded account that leave the QR code coarse enough for cameras; addresses of Latin letters are shorter. */
const MAX_ENCODED_ACCOUNT = 600;

/** CSS pixels of a QR code's side, whatever it says. */
const QR_SIDE = 256;

/** How an authenticator app names what it holds. */
export interface TotpOptions {
  /** The product's name, without a colon. */
  readonly issuer: string;
}

/** Time-based one-time codes by otplib, drawn by qrcode. */
export class OtplibTotp implements Totp {
  readonly #issuer: string;

  constructor(options: TotpOptions) {
    this.#issuer = options.issuer;
  }

  generateSecret(): string {
    return generateSecret({ length: SECRET_OCTETS });
  }

  async enrolment(secret: string, account: string): Promise<TotpEnrolment> {
    const otpauthUri = this.#uriOf(secret, account);
    return { otpauthUri, qrSvg: await qrSvgOf(otpauthUri) };
  }

  /** @throws {Error} for a secret that none of these methods made */
  async matchingStep(secret: string, code: string, now: Date): Promise<number | null> {
    const typed = code.replace(/\s/g, '');
    if (!/^[0-9]{6}$/.test(typed)) return null;
    const present = Math.floor(now.getTime() / 1000 / PERIOD_SECONDS);
    const steps = STEPS_TRIED.map((drift) => present + drift).filter((step) => step >= 0);
    const codes = await Promise.all(steps.map((step) => codeOf(secret, step)));
    // Every step is compared, so that the time tells neither which one fits nor whether one does.
    const fits = codes.map((expected) => timingSafeEqual(Buffer.from(expected), Buffer.from(typed)));
    return steps.find((_, index) => fits[index]) ?? null;
  }

  /**
   * `otpauth://` by the Key Uri Format. The account's own colons are encoded, which otplib would leave bare: apps would take one of
   * them for the colon behind the issuer. What is the default is said nevertheless, for apps that have other ones.
   */
  #uriOf(secret: string, account: string): string {
    const issuer = encodeURIComponent(this.#issuer);
    const query = `secret=${secret}&issuer=${issuer}&algorithm=SHA1&digits=${DIGITS}&period=${PERIOD_SECONDS}`;
    return `otpauth://totp/${issuer}:${encodedAccount(account)}?${query}`;
  }
}

/** The value of HOTP at a time step (RFC 6238, section 4.2). */
const codeOf = (secret: string, counter: number): Promise<string> =>
  generate({ strategy: 'hotp', algorithm: 'sha1', digits: DIGITS, secret, counter });

/** Percent-encoded (RFC 3986, section 2.1), and cut behind a whole character where it is too long. */
function encodedAccount(account: string): string {
  let encoded = '';
  for (const character of account.toWellFormed()) {
    const next = encoded + encodeURIComponent(character);
    if (next.length > MAX_ENCODED_ACCOUNT) return encoded + encodeURIComponent('…');
    encoded = next;
  }
  return encoded;
}

/** One `<svg>` element, an image with a name for whoever does not see it. */
async function qrSvgOf(text: string): Promise<string> {
  const svg = await drawQrCode(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4, width: QR_SIDE });
  return svg.trim().replace(/^<svg /, '<svg role="img" aria-label="QR code" ');
}
