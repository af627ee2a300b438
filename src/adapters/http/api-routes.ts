import type { Application } from '../../application/application.ts';
import type { Cursors } from './cursors.ts';
import { openApiDocument } from './openapi.ts';
import type { Route } from './route.ts';
import { auditRoutes } from './routes/audit-routes.ts';
import { authRoutes } from './routes/auth-routes.ts';
import { breakGlassRoutes } from './routes/break-glass-routes.ts';
import { caseRoutes } from './routes/case-routes.ts';
import { caseWorkflowRoutes } from './routes/case-workflow-routes.ts';
import { healthRoutes, type Readiness } from './routes/health-routes.ts';
import { legacySessionRoutes } from './routes/legacy-session-routes.ts';
import { legacyClaimRoutes } from './routes/legacy-claim-routes.ts';
import { legacyCaseRoutes } from './routes/legacy-case-routes.ts';
import { legacyLinkRoutes } from './routes/legacy-link-routes.ts';
import { metaRoutes } from './routes/meta-routes.ts';
import { pageRoutes } from './routes/page-routes.ts';
import { passkeyRoutes } from './routes/passkey-routes.ts';
import { physicianRoutes } from './routes/physician-routes.ts';
import { receiptRoutes } from './routes/receipt-routes.ts';
import { recoveryRoutes } from './routes/recovery-routes.ts';
import { secondFactorRoutes } from './routes/second-factor-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { tenantRoutes } from './routes/tenant-routes.ts';
import { userRoutes } from './routes/user-routes.ts';
import type { SessionMode } from './session-mode.ts';

/** What the handlers of the routes need. */
export interface ApiDependencies {
  readonly app: Application;
  readonly cursors: Cursors;
  readonly sessionMode: SessionMode;
  readonly readiness: Readiness;
  readonly isDraining: () => boolean;
  /** Of the service, for its description. */
  readonly version: string;
}

/** Every route of the API. */
export function apiRoutes({
  app,
  cursors,
  isDraining,
  readiness,
  sessionMode,
  version,
}: ApiDependencies): readonly Route[] {
  let description: string | null = null;
  const routes: readonly Route[] = [
    ...healthRoutes(readiness, isDraining),
    ...authRoutes(app, sessionMode),
    ...recoveryRoutes(app),
    ...secondFactorRoutes(app, sessionMode),
    ...passkeyRoutes(app, cursors, sessionMode),
    ...legacySessionRoutes(app, sessionMode),
    ...sessionRoutes(app, cursors),
    ...receiptRoutes(app),
    ...caseRoutes(app, cursors),
    ...caseWorkflowRoutes(app),
    ...legacyCaseRoutes(app),
    ...breakGlassRoutes(app, cursors),
    ...legacyLinkRoutes(app, cursors),
    ...legacyClaimRoutes(app, cursors),
    ...userRoutes(app, cursors),
    ...physicianRoutes(app, cursors),
    ...tenantRoutes(app, cursors),
    ...auditRoutes(app, cursors),
    ...pageRoutes(),
    ...metaRoutes(app, () => (description ??= JSON.stringify(openApiDocument(routes, version)))),
  ];
  return routes;
}
