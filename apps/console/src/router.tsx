/** The console's addresses. Pages are loaded when they are first gone to. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  parseSearchWith,
  redirect,
  stringifySearchWith,
  type AnyRoute,
  type AnyRouteMatch,
  type RouteComponent,
} from '@tanstack/react-router';
import { isSessionOver } from './api/session-end';
import { isStatus, type BatchStatus } from './batches/queries';
import { NotFound, NothingHere, RouteError } from './layout/dead-ends';
import { forgetSession, maybeSignedIn, mayActAs, meQuery, type Role } from './session/session';

interface Context {
  readonly queryClient: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

/** Addresses of the console alone: what somebody else wrote into a link must not lead away from it. */
function ownAddress(value: unknown): string | undefined {
  // Browsers leave tabs and line ends out of addresses, behind which `//host` could hide.
  return typeof value === 'string' && /^\/(?![/\\])[^\t\r\n]*$/.test(value) ? value : undefined;
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // What is not taken is said to be undefined: keys that are left out stay as they are in the address.
  validateSearch: (search: Record<string, unknown>): { to?: string; ended?: true } => ({
    to: ownAddress(search.to),
    ended: search.ended ? true : undefined,
  }),
  component: lazyRouteComponent(() => import('./session/sign-in'), 'SignIn'),
});

const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  component: lazyRouteComponent(() => import('./session/register'), 'Register'),
});

const newPassword = createRoute({
  getParentRoute: () => root,
  path: '/new-password',
  component: lazyRouteComponent(() => import('./session/new-password'), 'NewPassword'),
});

/** Everything that needs somebody signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location, matches }) => {
    const toSignIn = (ended: boolean) =>
      redirect({ to: '/sign-in', search: { to: location.href, ...(ended ? { ended: true as const } : {}) } });
    if (!maybeSignedIn()) throw matches.some(({ routeId }) => routeId === nowhere.id) ? notFound() : toSignIn(false);
    const me = await context.queryClient.ensureQueryData(meQuery).catch((error: unknown) => {
      if (!isSessionOver(error)) throw error;
      forgetSession();
      throw toSignIn(true);
    });
    if (me.mustChangePassword) throw redirect({ to: '/new-password' });
    return { me };
  },
  component: lazyRouteComponent(() => import('./layout/shell'), 'Shell'),
  errorComponent: RouteError,
});

/** A page of one role, and of administrators. Others are told so; the server refuses them anyway. */
function needs(role: Role) {
  return ({ context }: { context: { me: { role: Role } } }) => {
    if (!mayActAs(context.me.role, role)) throw redirect({ to: '/' });
  };
}

/** What somebody wrote by hand may look like a number: `?q=1040`. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The router's own would read the version `1.0` as the number 1. */
function parseWhole(written: string): unknown {
  const value: unknown = JSON.parse(written);
  // What is thrown at stays the text that it is.
  if (typeof value === 'number' && String(value) !== written) throw new SyntaxError(`${written} is a text`);
  return value;
}

function oneOf<const T>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}

const start = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/try' });
  },
  // Where it leads, for `fetchAhead`.
  component: lazyRouteComponent(() => import('./try/try-page'), 'TryPage'),
});

const tryModels = createRoute({
  getParentRoute: () => inside,
  path: '/try',
  component: lazyRouteComponent(() => import('./try/try-page'), 'TryPage'),
});
const tryModel = createRoute({
  getParentRoute: () => inside,
  path: '/try/$model',
  validateSearch: (search: Record<string, unknown>): { version?: string } => ({ version: text(search.version) }),
  component: lazyRouteComponent(() => import('./try/try-model'), 'TryModel'),
});

const predictions = createRoute({
  getParentRoute: () => inside,
  path: '/predictions',
  validateSearch: (
    search: Record<string, unknown>,
  ): {
    model?: string;
    version?: string;
    label?: string;
    from?: string;
    to?: string;
    mine?: true;
    userId?: string;
  } => ({
    mine: search.mine === true ? true : undefined,
    userId: text(search.userId),
    model: text(search.model),
    version: text(search.version),
    label: text(search.label),
    from: text(search.from),
    to: text(search.to),
  }),
  component: lazyRouteComponent(() => import('./predictions/predictions-page'), 'PredictionsPage'),
});
const prediction = createRoute({
  getParentRoute: () => inside,
  path: '/predictions/$id',
  validateSearch: (search: Record<string, unknown>): { row?: number } => ({
    row: Number.isInteger(search.row) && (search.row as number) >= 0 ? (search.row as number) : undefined,
  }),
  component: lazyRouteComponent(() => import('./predictions/prediction-page'), 'PredictionPage'),
});

const batches = createRoute({
  getParentRoute: () => inside,
  path: '/batches',
  validateSearch: (search: Record<string, unknown>): { status?: BatchStatus } => ({
    status: isStatus(search.status) ? search.status : undefined,
  }),
  component: lazyRouteComponent(() => import('./batches/batches-page'), 'BatchesPage'),
});
const batch = createRoute({
  getParentRoute: () => inside,
  path: '/batches/$id',
  component: lazyRouteComponent(() => import('./batches/batch-page'), 'BatchPage'),
});

const models = createRoute({
  getParentRoute: () => inside,
  path: '/models',
  component: lazyRouteComponent(() => import('./models/models-page'), 'ModelsPage'),
});
const publish = createRoute({
  getParentRoute: () => inside,
  path: '/models/publish',
  validateSearch: (search: Record<string, unknown>): { model?: string } => ({ model: text(search.model) }),
  beforeLoad: needs('publisher'),
  component: lazyRouteComponent(() => import('./models/publish-page'), 'PublishPage'),
});
const model = createRoute({
  getParentRoute: () => inside,
  path: '/models/$model',
  validateSearch: (search: Record<string, unknown>): { a?: string; b?: string; dataset?: string; class?: string } => ({
    a: text(search.a),
    b: text(search.b),
    dataset: text(search.dataset),
    class: text(search.class),
  }),
  component: lazyRouteComponent(() => import('./models/model-page'), 'ModelPage'),
});
const version = createRoute({
  getParentRoute: () => inside,
  path: '/models/$model/versions/$version',
  validateSearch: (search: Record<string, unknown>): { dataset?: string; class?: string } => ({
    dataset: text(search.dataset),
    class: text(search.class),
  }),
  component: lazyRouteComponent(() => import('./models/version-page'), 'VersionPage'),
});

const service = createRoute({
  getParentRoute: () => inside,
  path: '/service',
  beforeLoad: needs('admin'),
  validateSearch: (
    search: Record<string, unknown>,
  ): { tab?: 'predictions' | 'errors'; days?: 30 | 90; model?: string; status?: string } => ({
    tab: oneOf(['predictions', 'errors'], search.tab),
    days: oneOf([30, 90], search.days),
    model: text(search.model),
    status: oneOf(['4xx', '429', '5xx'], search.status),
  }),
  component: lazyRouteComponent(() => import('./service/service-page'), 'ServicePage'),
});

const users = createRoute({
  getParentRoute: () => inside,
  path: '/users',
  beforeLoad: needs('admin'),
  validateSearch: (
    search: Record<string, unknown>,
  ): { tab?: 'plans'; q?: string; plan?: string; role?: string; status?: string } => ({
    tab: oneOf(['plans'], search.tab),
    q: text(search.q),
    plan: text(search.plan),
    role: text(search.role),
    status: text(search.status),
  }),
  component: lazyRouteComponent(() => import('./users/users-page'), 'UsersPage'),
});
const user = createRoute({
  getParentRoute: () => inside,
  path: '/users/$id',
  beforeLoad: needs('admin'),
  component: lazyRouteComponent(() => import('./users/user-page'), 'UserPage'),
});

const audit = createRoute({
  getParentRoute: () => inside,
  path: '/audit',
  beforeLoad: needs('auditor'),
  validateSearch: (
    search: Record<string, unknown>,
  ): {
    tab?: 'verify' | 'checkpoints' | 'proof';
    proof?: string;
    action?: string;
    targetType?: string;
    targetId?: string;
    actorKind?: string;
    actorId?: string;
    from?: string;
    to?: string;
  } => ({
    // A link to a proof alone opens it.
    tab:
      oneOf(['verify', 'checkpoints', 'proof'], search.tab) ?? (text(search.proof) === undefined ? undefined : 'proof'),
    proof: text(search.proof),
    action: text(search.action),
    targetType: text(search.targetType),
    targetId: text(search.targetId),
    actorKind: text(search.actorKind),
    actorId: text(search.actorId),
    from: text(search.from),
    to: text(search.to),
  }),
  component: lazyRouteComponent(() => import('./audit/audit-page'), 'AuditPage'),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page'), 'AccountPage'),
});

/** Any other address, with the navigation around its message for those who are signed in. */
const nowhere = createRoute({ getParentRoute: () => inside, path: '/$', component: NothingHere });

const routeTree = root.addChildren([
  signIn,
  register,
  newPassword,
  inside.addChildren([
    start,
    tryModels,
    tryModel,
    predictions,
    prediction,
    batches,
    batch,
    models,
    publish,
    model,
    version,
    service,
    users,
    user,
    audit,
    account,
    nowhere,
  ]),
]);

export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch: parseSearchWith(parseWhole),
    stringifySearch: stringifySearchWith(JSON.stringify, parseWhole),
    defaultPreload: 'intent',
    // Answers are kept by the query client.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: RouteError,
    scrollRestoration: true,
  });
}

/**
 * Fetches the code of what the address will show, and who is signed in, at once. The router asks for them one after the other, as it
 * must where a page is not everybody's, and a page would wait as often.
 */
export function fetchAhead(router: ReturnType<typeof createConsoleRouter>, queryClient: QueryClient): void {
  if (!maybeSignedIn()) return;
  void queryClient.prefetchQuery(meQuery);
  const routes: Record<string, AnyRoute> = router.routesById;
  for (const { routeId } of router.matchRoutes(router.latestLocation) as AnyRouteMatch[]) {
    const component = routes[routeId]?.options.component as RouteComponent | undefined;
    // What fails is asked for again by the router, which shows it.
    void component?.preload?.()?.catch(() => undefined);
  }
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
