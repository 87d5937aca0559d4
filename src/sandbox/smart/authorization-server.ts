import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider, {
  errors,
  interactionPolicy,
  type Configuration,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import type { FhirAuthorization } from '../../cds-hooks/types.js';
import { elementOf } from '../fhir/resource.js';
import { sandboxUser, type LaunchContext, type LaunchContexts } from './launch-contexts.js';
import { memoryAdapter } from './memory-adapter.js';
import { cdsServiceScopes, contextScopes, dataScopes } from './scopes.js';
import { isObject } from '../../json.js';

/** Who the sandbox EHR has registered. */
export interface RegisteredClients {
  /** Client id of the one SMART app. */
  readonly smartApp: string;
  /** The CDS service as the EHR knows it: `subject` of the tokens that hook calls carry. */
  readonly service: string;
}

/** How the authorization server is set up; lifetimes are seconds. */
export interface AuthorizationServerOptions {
  /** Without trailing slash. */
  readonly baseUrl: string;
  readonly clients: RegisteredClients;
  readonly launches: LaunchContexts;
  readonly accessTokenSeconds: number;
  readonly codeSeconds: number;
}

/** The authorization server and what its tokens stand for. */
export interface AuthorizationServer {
  readonly provider: Provider;
  /** The context of a valid access token with the scopes granted; undefined for any other string. */
  readonly contextOf: (
    accessToken: string,
  ) => Promise<{ readonly context: LaunchContext; readonly scopes: string } | undefined>;
  /** A token with which the CDS service may read this patient's chart, on the user's behalf, and write nothing. */
  readonly tokenForService: (patient: string) => Promise<FhirAuthorization>;
}

/** As long as a hook call may need; CDS Hooks asks for a short life. */
const serviceTokenSeconds = 300;

const seconds = { hour: 3600, day: 86_400 };
const { InvalidRequest, InvalidTarget } = errors;

let madeKey: Readonly<Record<string, unknown>> | undefined;

/** One for the process: to make it takes a good part of a second. */
function signingKey(): Readonly<Record<string, unknown>> {
  madeKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return { ...madeKey };
}

function parameter(ctx: KoaContextWithOIDC, name: string): string | undefined {
  const value: unknown = ctx.oidc.params?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Who is the patient: said by the EHR's launch, or chosen by the user when the app started by itself. */
function contextOfRequest(ctx: KoaContextWithOIDC, launches: LaunchContexts): LaunchContext | undefined {
  const launch = parameter(ctx, 'launch');
  if (launch !== undefined) return launches.find(launch);
  const chosen = elementOf(ctx.oidc.result, 'patient');
  return typeof chosen === 'string' ? { patient: chosen } : undefined;
}

function tokenMembers(context: LaunchContext, baseUrl: string): Readonly<Record<string, unknown>> {
  // The SMART app stands in a frame below the EHR's own banner only when the EHR launched it.
  const isAlone = context.appContext === undefined && context.intent === undefined;
  return {
    ...context,
    need_patient_banner: isAlone,
    // The page tells its frames apart by the window that a message comes from; SMART Web Messaging asks for a handle.
    smart_web_messaging_handle: randomBytes(16).toString('base64url'),
    smart_web_messaging_origin: new URL(baseUrl).origin,
  };
}

type Grant = InstanceType<Provider['Grant']>;

function isOfTokenEndpoint(oidc: unknown): oidc is { readonly entities: { readonly Grant?: Grant } } {
  return isObject(oidc) && oidc.route === 'token' && isObject(oidc.entities);
}

/** All scopes granted: the provider names those over data only, since the token is for the FHIR server. */
function grantedScope(grant: Grant, dataScope: unknown): string {
  const context = grant
    .getOIDCScope()
    .split(' ')
    .filter((scope) => contextScopes.includes(scope));
  return [...context, ...(typeof dataScope === 'string' && dataScope !== '' ? [dataScope] : [])].join(' ');
}

function policyWith(launches: LaunchContexts): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  // Consent is given by `loadExistingGrant`, anew for each launch: a grant of another patient is never reused.
  policy.remove('consent');
  policy.add(
    new interactionPolicy.Prompt(
      { name: 'patient', requestable: false },
      new interactionPolicy.Check(
        'patient_unknown',
        'a patient must be chosen',
        (ctx) => contextOfRequest(ctx, launches) === undefined,
      ),
    ),
  );
  return policy;
}

function configuration(
  options: AuthorizationServerOptions,
  contextsByGrant: Map<string, LaunchContext>,
): Configuration {
  const { baseUrl, clients, launches, accessTokenSeconds, codeSeconds } = options;
  const fhirBase = `${baseUrl}/sandbox/fhir`;
  const resourceScopes = dataScopes.join(' ');
  return {
    adapter: memoryAdapter(),
    clients: [
      {
        client_id: clients.smartApp,
        client_name: 'Scores (SMART app)',
        redirect_uris: [`${baseUrl}/smart/`],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      },
      {
        client_id: clients.service,
        client_name: 'CDS service',
        redirect_uris: [],
        grant_types: [],
        response_types: [],
        token_endpoint_auth_method: 'none',
      },
    ],
    clientBasedCORS: () => true,
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], fhirUser: ['fhirUser'] },
    scopes: [...contextScopes],
    cookies: { keys: [randomBytes(32).toString('hex')] },
    extraParams: {
      aud: (_ctx, value) => {
        if (value === undefined) throw new InvalidRequest('aud must be the FHIR base URL');
        if (value.replace(/\/$/, '') !== fhirBase) throw new InvalidTarget('aud is not this FHIR server');
      },
      launch: (_ctx, value) => {
        if (value !== undefined && launches.find(value) === undefined) {
          throw new InvalidRequest('launch is not known');
        }
      },
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => fhirBase,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== fhirBase) throw new InvalidTarget('resource is not this FHIR server');
          return { audience: fhirBase, scope: resourceScopes, accessTokenFormat: 'opaque' };
        },
      },
    },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({ sub: id, fhirUser: `${fhirBase}/${sandboxUser}` }),
    }),
    interactions: {
      policy: policyWith(launches),
      url: (_ctx, interaction) => `${baseUrl}/sandbox/auth/interaction/${interaction.uid}`,
    },
    issueRefreshToken: (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') &&
      (code.scopes.has('offline_access') || code.scopes.has('online_access')),
    async loadExistingGrant(ctx) {
      const { client, session } = ctx.oidc;
      const context = contextOfRequest(ctx, launches);
      if (client === undefined || session?.accountId === undefined || context === undefined) return undefined;
      const grant = new ctx.oidc.provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
      });
      const asked = parameter(ctx, 'scope') ?? '';
      grant.addOIDCScope(asked);
      grant.addResourceScope(fhirBase, asked);
      contextsByGrant.set(await grant.save(), context);
      return grant;
    },
    jwks: {
      keys: [{ ...signingKey(), use: 'sig', alg: 'RS256', kid: 'sandbox' }],
    },
    pkce: { required: () => true },
    renderError(ctx, out) {
      ctx.type = 'text/plain';
      ctx.body = `${out.error}: ${out.error_description ?? ''}`;
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: codeSeconds,
      Grant: seconds.day,
      IdToken: seconds.hour,
      Interaction: seconds.hour,
      RefreshToken: seconds.day,
      Session: seconds.day,
    },
  };
}

/**
 * SMART authorization server in memory: authorization code with PKCE (S256), EHR and standalone launch, no password and
 * no consent screen. For the sandbox only.
 */
export function authorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const contextsByGrant = new Map<string, LaunchContext>();
  const provider = new Provider(`${options.baseUrl}/sandbox/auth`, configuration(options, contextsByGrant));

  provider.use(async (ctx, next) => {
    await next();
    const oidc: unknown = ctx.oidc;
    // An unknown path has no context of the provider; only the token endpoint's answer is added to.
    if (!isOfTokenEndpoint(oidc) || !isObject(ctx.body)) return;
    const { Grant: grant } = oidc.entities;
    const context = contextsByGrant.get(grant?.jti ?? '');
    if (grant === undefined || context === undefined || typeof ctx.body.access_token !== 'string') return;
    ctx.body = {
      ...ctx.body,
      ...tokenMembers(context, options.baseUrl),
      scope: grantedScope(grant, ctx.body.scope),
    };
  });

  return {
    provider,
    async contextOf(accessToken) {
      const token = await provider.AccessToken.find(accessToken);
      const context = contextsByGrant.get(token?.grantId ?? '');
      if (token?.isValid !== true || context === undefined) return undefined;
      return { context, scopes: token.scope ?? '' };
    },
    async tokenForService(patient) {
      const client = await provider.Client.find(options.clients.service);
      if (client === undefined) throw new Error('the CDS service is not registered');
      const scope = cdsServiceScopes.join(' ');
      const resource = `${options.baseUrl}/sandbox/fhir`;
      const grant = new provider.Grant({ clientId: options.clients.service, accountId: sandboxUser });
      grant.addResourceScope(resource, scope);
      const grantId = await grant.save();
      contextsByGrant.set(grantId, { patient });
      const token = new provider.AccessToken({
        client,
        accountId: sandboxUser,
        grantId,
        gty: 'authorization_code',
        scope,
        aud: resource,
        expiresIn: serviceTokenSeconds,
      });
      return {
        access_token: await token.save(),
        token_type: 'Bearer',
        expires_in: serviceTokenSeconds,
        scope,
        subject: options.clients.service,
        patient,
      };
    },
  };
}
