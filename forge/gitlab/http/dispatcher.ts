import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { InstanceSettings } from '../../config.ts';
import { environmentProxy } from '../../http/environment-proxy.ts';
import { SettingError } from '../../setting-error.ts';

/**
 * The connections to one instance: through its own proxy, that of the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), or none.
 * @throws {SettingError} the file of certificates cannot be read
 */
export async function openDispatcher(settings: InstanceSettings, env: NodeJS.ProcessEnv): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent, ProxyAgent } = await import('undici');
  const tls = settings.ca === undefined ? {} : { ca: await trusted(settings.ca) };
  const options = { allowH2: false, connect: tls, requestTls: tls, proxyTls: tls };
  if (settings.proxy === 'none') return new Agent(options);
  if (settings.proxy !== undefined) return new ProxyAgent({ ...options, uri: settings.proxy });
  return new EnvHttpProxyAgent({ ...options, ...environmentProxy(env) });
}

/** Certificates given to Node replace its own list, so that is added. It holds those of NODE_EXTRA_CA_CERTS. */
async function trusted(file: string): Promise<string[]> {
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new SettingError(`gitlab.instances.ca: cannot read ${file} (${error.code})`);
  });
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    throw new SettingError(`gitlab.instances.ca: no PEM certificate in ${file}`);
  }
  return [...getCACertificates('default'), pem];
}
