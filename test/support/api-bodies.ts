/** What answers of the API hold, written down here once more: a field that is renamed in the service does not compile in its tests. */
export interface ApiBodies {
  readonly tokens: TokensAnswer;
  readonly signedIn: TokensAnswer &
    AdoptingAnswer & { readonly kind: 'signed-in'; readonly user: UserAnswer };
  readonly registered: TokensAnswer & AdoptingAnswer & { readonly user: UserAnswer };
  readonly registeredForEnrolment: EnrolmentAnswer & { readonly user: UserAnswer };
  readonly challenged: {
    readonly kind: 'second-factor-required';
    readonly challengeId: string;
    readonly methods: readonly string[];
  };
  readonly enrolment: EnrolmentAnswer;
  readonly status: { readonly status: string };
  readonly steppedUp: Pick<TokensAnswer, 'accessToken' | 'tokenType' | 'expiresIn'>;
  readonly totpEnrolment: Readonly<Record<'secret' | 'otpauthUri' | 'qrSvg', string>>;
  readonly recoveryCodes: RecoveryCodesAnswer;
  readonly passkeyOptions: { readonly options: Readonly<Record<string, unknown>> };
  readonly passkey: Partial<RecoveryCodesAnswer> & { readonly passkey: PasskeyAnswer };
  readonly passkeys: PageAnswer<PasskeyAnswer>;
  readonly mfaReset: { readonly reset: Readonly<Record<'id' | 'requestedAt' | 'dueAt', string>> };
  readonly profile: { readonly user: UserAnswer; readonly physician?: PhysicianAnswer };
  readonly physician: { readonly physician: PhysicianAnswer };
  readonly physicians: PageAnswer<PhysicianAnswer>;
  readonly user: { readonly user: UserAnswer };
  readonly users: PageAnswer<UserAnswer>;
  readonly sessions: PageAnswer<SessionAnswer>;
  readonly tenant: { readonly tenant: TenantAnswer };
  readonly tenants: PageAnswer<TenantAnswer>;
  readonly case: { readonly case: CaseAnswer; readonly receipt?: string };
  readonly cases: PageAnswer<CaseAnswer>;
  readonly caseEvents: PageAnswer<CaseEventAnswer>;
  readonly grant: { readonly grant: GrantAnswer };
  readonly grants: PageAnswer<GrantAnswer>;
  readonly receipt: { readonly state: string; readonly answered: boolean };
  readonly adopted: Required<AdoptingAnswer>;
  readonly audit: PageAnswer<AuditEntryAnswer>;
  readonly legacyClaimed: {
    readonly linkId: string;
    readonly methods: readonly string[];
    readonly statement?: Readonly<Record<'iss' | 'aud' | 'nonce' | 'kind', string>>;
  };
  readonly legacyProven: { readonly status: string; readonly cases?: number };
  readonly legacyLinks: PageAnswer<LegacyLinkAnswer>;
  readonly legacyClaims: PageAnswer<LegacyClaimAnswer>;
  readonly legacyDecided: { readonly claim: LegacyClaimAnswer; readonly cases?: number };
  readonly jwks: { readonly keys: readonly Readonly<Record<string, string>>[] };
  readonly problem: ProblemAnswer;
  /** Of answers without a body, or of which the test looks at something else. */
  readonly nothing: Readonly<Record<string, never>>;
}

export interface AuditEntryAnswer {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id: string | null };
  readonly action: string;
  readonly subject: { readonly type: string; readonly id: string } | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface PageAnswer<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface TokensAnswer {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly refreshExpiresIn: number;
}

/** Of whatever receipts of anonymous cases may come with. */
export interface AdoptingAnswer {
  readonly adopted?: readonly string[];
}

export interface EnrolmentAnswer {
  readonly kind: 'second-factor-enrolment-required';
  readonly enrolmentToken: string;
}

export interface RecoveryCodesAnswer {
  readonly recoveryCodes: readonly string[];
}

export interface PasskeyAnswer {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly deviceType: 'single-device' | 'multi-device';
}

export interface UserAnswer {
  readonly id: string;
  readonly email: string;
  readonly role: 'patient' | 'physician' | 'admin';
  readonly tenantId: string;
  readonly isActive: boolean;
  readonly emailVerified: boolean;
  readonly language: string;
  readonly createdAt: string;
}

export interface PhysicianAnswer {
  readonly id: string;
  readonly userId: string;
  readonly languagePreference: string;
  readonly languages: readonly string[];
  readonly privatePool: string | null;
  readonly vacationMode: boolean;
  readonly maxOpenCases: number;
}

export interface SessionAnswer {
  readonly id: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly current: boolean;
  readonly amr: readonly string[];
}

export interface TenantAnswer {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly privatePool: string | null;
  readonly allowOverflow: boolean;
  readonly quotas: { readonly requestsPerDay: number | null; readonly userRequestsPerDay: number | null };
  readonly passwordPolicy: { readonly minLength: number };
  readonly dueHours: Readonly<Record<'asap' | 'urgent' | 'routine', number>>;
  readonly mfaRequired: boolean;
}

export interface CaseAnswer {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly language: string;
  readonly priority: string;
  readonly specialty: string | null;
  readonly patientId: string | null;
  readonly physicianId: string | null;
  readonly pool: string | null;
  readonly tenantId: string;
  readonly vendorId: string | null;
  readonly flags: readonly string[];
  readonly dueAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly source: 'casegate' | 'legacy';
  /** Of legacy cases only. */
  readonly legacyStatus?: string | null;
  readonly question?: string;
  readonly answer?: string | null;
  readonly messages?: readonly Readonly<Record<'id' | 'kind' | 'authorRole' | 'text' | 'at', string>>[];
  readonly reasons?: readonly Readonly<Record<'eventId' | 'type' | 'actorRole' | 'text' | 'at', string>>[];
  /** In the queue only. */
  readonly waitingSeconds?: number;
}

export interface CaseEventAnswer {
  readonly id: string;
  readonly type: string;
  readonly from: string | null;
  readonly to: string;
  readonly version: number;
  readonly actorId: string | null;
  readonly actorRole: string;
  readonly at: string;
}

export interface GrantAnswer {
  readonly id: string;
  readonly caseId: string;
  readonly adminId: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly reviewedAt: string | null;
  readonly reviewerId: string | null;
  readonly outcome: string | null;
  /** For its reviewers only, as is `note`. */
  readonly reason?: string;
  readonly note?: string | null;
}

export interface LegacyLinkAnswer {
  readonly id: string;
  readonly vendorId: string | null;
  readonly kind: string;
  readonly identifier: string;
  readonly status: string;
  readonly proof: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface LegacyClaimAnswer extends LegacyLinkAnswer {
  readonly userId: string;
  readonly decidedBy: string | null;
}

export interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly instance?: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  /** Of `legacy.link-required`. */
  readonly linkTicket?: string;
}
