import { createHash } from 'node:crypto';
import type { Totp, TotpEnrolment } from '../../../src/application/ports/security/totp.ts';

const STEP_SECONDS = 30;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** One-time codes that a test can foretell: six digits of secret and time step, and the same secrets in each run. No authenticator app knows them. */
export class TestTotp implements Totp {
  #made = 0;

  generateSecret(): string {
    this.#made += 1;
    const octets = createHash('sha256').update(`secret ${this.#made}`).digest();
    return [...octets].map((octet) => BASE32.charAt(octet % BASE32.length)).join('');
  }

  enrolment(secret: string, account: string): Promise<TotpEnrolment> {
    const otpauthUri = `otpauth://totp/Casegate:${encodeURIComponent(account)}?secret=${secret}&issuer=Casegate`;
    const qrSvg = `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="QR code"></svg>`;
    return Promise.resolve({ otpauthUri, qrSvg });
  }

  matchingStep(secret: string, code: string, now: Date): Promise<number | null> {
    const typed = code.replaceAll(/\s/gu, '');
    const present = stepAt(now);
    const step = [present, present - 1, present + 1].find((tried) => codeOf(secret, tried) === typed);
    return Promise.resolve(step ?? null);
  }

  /** The code that counts at `now`, or `drift` steps later. */
  codeAt(secret: string, now: Date, drift = 0): string {
    return codeOf(secret, stepAt(now) + drift);
  }

  /** A code that counts neither at `now` nor one step to either side. */
  wrongCodeAt(secret: string, now: Date): string {
    const right = [-1, 0, 1].map((drift) => this.codeAt(secret, now, drift));
    return ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code))!;
  }
}

const stepAt = (now: Date): number => Math.floor(now.getTime() / 1000 / STEP_SECONDS);

function codeOf(secret: string, step: number): string {
  const octets = createHash('sha256').update(`${secret} ${step}`).digest();
  return String(octets.readUInt32BE() % 1_000_000).padStart(6, '0');
}
