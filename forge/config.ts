import type * as Zod from 'zod';

/** Where a token is; never the token itself. */
export type TokenSource =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly command: readonly string[] };

/** One GitLab instance and how it is talked to. */
export interface InstanceSettings {
  /** `https://gitlab.example.com`, with the subpath of an instance below one; no slash at the end. */
  readonly url: string;
  readonly token?: TokenSource | undefined;
  /** Tokens of single groups and everything below them, by the group's path. */
  readonly groups?: Readonly<Record<string, TokenSource>> | undefined;
  /** A file of PEM certificates that are trusted too. */
  readonly ca?: string | undefined;
  /** `http://proxy.example.com:3128`; `none`: no proxy, whatever the environment says. */
  readonly proxy?: string | undefined;
  /** Requests in flight at a time, per token. */
  readonly concurrency?: number | undefined;
  /** Per token. */
  readonly requestsPerMinute?: number | undefined;
  /** In s, of one try: until the answer begins, and again until it is complete. */
  readonly timeout?: number | undefined;
}

/** `gitlab:` in agentsmd.config.yaml. What stands beside `instances` holds for each that does not say otherwise. */
export interface GitlabConfig {
  readonly instances: readonly InstanceSettings[];
  readonly concurrency: number;
  readonly requestsPerMinute: number;
  readonly timeout: number;
}

export const GITLAB_DEFAULTS: GitlabConfig = {
  instances: [],
  concurrency: 8,
  requestsPerMinute: 1200,
  timeout: 60,
};

/** The schema takes zod as an argument, so that the defaults can be had without loading it. */
export function gitlabConfigSchema(z: typeof Zod): Zod.ZodType<GitlabConfig> {
  const concurrency = z.int().min(1).max(100).describe('Requests in flight at a time, per token.');
  const requestsPerMinute = z.int().min(1).max(1_000_000).describe('At most this many requests a minute, per token.');
  const timeout = z
    .number()
    .min(1)
    .max(3600)
    .describe('In seconds: until an answer begins, and again until it is complete.');
  const token = tokenSchema(z);
  const instance = z.strictObject({
    url: addressSchema(z),
    token: token.optional(),
    groups: z.record(z.string().min(1), token).optional().describe("Tokens of groups, by the group's path."),
    ca: z.string().min(1).optional().describe('A file of PEM certificates that are trusted too.'),
    proxy: proxySchema(z).optional(),
    concurrency: concurrency.optional(),
    requestsPerMinute: requestsPerMinute.optional(),
    timeout: timeout.optional(),
  });
  return z
    .strictObject({
      instances: z
        .array(instance)
        .superRefine((instances, check) => {
          const urls = instances.map(({ url }) => url);
          for (const [at, url] of urls.entries()) {
            if (urls.indexOf(url) < at)
              check.addIssue({
                code: 'custom',
                message: 'an instance that is there already',
                path: [at, 'url'],
                input: url,
              });
          }
        })
        .default([])
        .describe('GitLab instances; without any, GITLAB_URL or CI_SERVER_URL with GITLAB_TOKEN names one.'),
      concurrency: concurrency.default(GITLAB_DEFAULTS.concurrency),
      requestsPerMinute: requestsPerMinute.default(GITLAB_DEFAULTS.requestsPerMinute),
      timeout: timeout.default(GITLAB_DEFAULTS.timeout),
    })
    .prefault({})
    .describe('How GitLab is reached.');
}

/** What is wrong with the address of an instance; `undefined` where nothing is. It is never repeated: a password may be in it. */
export function addressProblem(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address)) return 'an address begins with https:// (or http://): https://gitlab.example.com';
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) return 'not an address: https://gitlab.example.com is one';
  if (url.username || url.password)
    return 'no name or password in the address; say where the token is: token: { env: NAME }';
  if (/\/api(\/v\d+)?\/?$/.test(url.pathname)) return 'the address of the instance, without /api/v4 at its end';
  if (url.search || url.hash) return 'an address without ? and #';
  return undefined;
}

/** As everything of ours writes it: without a slash at the end. */
export function plainAddress(address: string): string {
  return URL.canParse(address) ? new URL(address).href.replace(/\/+$/, '') : address;
}

function addressSchema(z: typeof Zod): Zod.ZodType<string> {
  return z
    .string()
    .superRefine((address, check) => {
      const message = addressProblem(address);
      if (message) check.addIssue({ code: 'custom', message, input: undefined });
    })
    .overwrite(plainAddress)
    .describe('Address of the instance: https://gitlab.example.com');
}

function proxySchema(z: typeof Zod): Zod.ZodType<string> {
  return z
    .string()
    .superRefine((proxy, check) => {
      if (proxy === 'none' || (/^https?:\/\//i.test(proxy) && URL.canParse(proxy))) return;
      check.addIssue({ code: 'custom', message: 'expected http://HOST:PORT or none', input: undefined });
    })
    .describe('http://HOST:PORT, or none; default: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say.');
}

/** Whoever writes a token itself here must not find it again in an error message: no issue has an input. */
function tokenSchema(z: typeof Zod): Zod.ZodType<TokenSource> {
  const shapes = z.union([
    z.strictObject({ env: z.string().regex(/^[A-Za-z_]\w*$/) }),
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ command: z.array(z.string().min(1)).min(1) }),
  ]);
  const schema = z
    .unknown()
    .superRefine((source, check) => {
      if (shapes.safeParse(source).success) return;
      const kind = typeof source === 'string' ? 'no token stands in this file' : 'expected where the token is';
      const message = `${kind}: { env: NAME }, { file: PATH } or { command: [PROGRAM, ARGUMENT] }`;
      check.addIssue({ code: 'custom', message, input: undefined });
    })
    .meta({
      description: 'Where the token is: { env: NAME }, { file: PATH } or { command: [PROGRAM, ARGUMENT] }.',
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      properties: {
        env: { type: 'string' },
        file: { type: 'string' },
        command: { type: 'array', items: { type: 'string' }, minItems: 1 },
      },
    });
  return schema as Zod.ZodType<TokenSource>;
}
