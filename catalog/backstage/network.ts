import { environmentProxy } from '../../forge/http/environment-proxy.ts';
import type { Fetch } from './fetch.ts';

export interface Network {
  readonly fetch: Fetch;
  close(): Promise<void>;
}

/** The network as the environment describes it: HTTPS_PROXY, HTTP_PROXY and NO_PROXY; certificates in NODE_EXTRA_CA_CERTS are Node's own. */
export async function openNetwork(env: NodeJS.ProcessEnv): Promise<Network> {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent(environmentProxy(env));
  type Given = Parameters<typeof fetch>;
  return {
    fetch: async (input, init) =>
      (await fetch(input as Given[0], { ...(init as Given[1]), dispatcher })) as unknown as Response,
    close: () => dispatcher.close(),
  };
}
