/** The proxies that the environment names, as undici's `EnvHttpProxyAgent` takes them; the lower-case variable first, as curl has it. */
export function environmentProxy(env: NodeJS.ProcessEnv): {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
} {
  return {
    httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
  };
}
