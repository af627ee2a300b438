import { z } from 'zod';
import type { StepUpCommand } from '../../../application/access/step-up.ts';
import type { TypedCode } from '../../../application/steps/check-code.ts';

/** What an authenticator app shows; what is no code is a wrong one. */
export const TotpCode = z
  .string()
  .max(64)
  .meta({ description: 'Six digits', examples: ['123456'] });

const RecoveryCode = z
  .string()
  .max(64)
  .meta({ description: 'Upper or lower case, with or without the hyphen', examples: ['7K2MX-9QDRT'] });

const refuseAmbiguous = (context: z.RefinementCtx): never => {
  context.addIssue({ code: 'custom', params: { detail: 'Must have exactly one of its fields.' } });
  return z.NEVER;
};

/** By what a sign-in is completed: one of both. */
export const TypedCodeBody = z
  .strictObject({ code: TotpCode.exactOptional(), recoveryCode: RecoveryCode.exactOptional() })
  .transform(({ code, recoveryCode }, context): TypedCode => {
    if (code !== undefined && recoveryCode === undefined) return { code };
    if (recoveryCode !== undefined && code === undefined) return { recoveryCode };
    return refuseAmbiguous(context);
  });

/** By what somebody who is signed in proves anew who he is: one of both. */
export const StepUpBody = z
  .strictObject({
    password: z.string().meta({ format: 'password' }).exactOptional(),
    code: TotpCode.exactOptional(),
  })
  .transform(({ password, code }, context): StepUpCommand['proof'] => {
    if (password !== undefined && code === undefined) return { password };
    if (code !== undefined && password === undefined) return { code };
    return refuseAmbiguous(context);
  });
