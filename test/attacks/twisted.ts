import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** GitLab as it is seen through somebody who writes into its answers. */
export interface Twisted {
  readonly url: string;
  /** How many answers were others than GitLab's. */
  readonly altered: () => number;
  close(): Promise<void>;
}

/** What anybody may write into GitLab, or what an address in it may be, wherever it stands in an answer. */
const TEXTS = /^(?:name|name_with_namespace|description|description_html|labels|message|error|status_message|bio)$/;
const ADDRESSES = /^(?:.*_url|http_url_to_repo|ssh_url_to_repo|href|webUrl|self)$/;

/**
 * Hands requests on to GitLab. In its JSON, texts of people say something besides, and addresses lead to somebody else; so do headers of
 * pages and of places. git's own answers stay as they are.
 */
export async function startTwisted(gitlab: string, text: string, elsewhere: string): Promise<Twisted> {
  let altered = 0;
  const server = createServer((asked, response) => void handOn(asked, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    altered: () => altered,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function handOn(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host: _, ...headers } = asked.headers;
    const onward = request(`${gitlab}${asked.url}`, {
      method: asked.method,
      headers: { ...headers, 'accept-encoding': 'identity' },
    });
    onward.on('error', () => response.destroy());
    asked.pipe(onward);
    onward.on('response', async (answer) => {
      const { 'content-length': __, 'transfer-encoding': ___, ...rest } = answer.headers;
      const body = await buffer(answer);
      const isJson = rest['content-type']?.startsWith('application/json') && body.length > 0;
      const told = isJson ? JSON.stringify(twist(JSON.parse(body.toString('utf8')), '')) : body;
      if (isJson) altered++;
      const leads = isJson
        ? { location: `${elsewhere}/api/v4/projects/1`, 'x-next-page': '', 'x-gitlab-url': elsewhere }
        : {};
      response.writeHead(answer.statusCode ?? 502, { ...rest, ...leads, ...linkOf(rest.link) }).end(told);
    });
  }

  /** The same page, at somebody else's. */
  function linkOf(link: string | readonly string[] | undefined) {
    return link === undefined ? {} : { link: String(link).replace(/<[a-z]+:\/\/[^/>]+/g, `<${elsewhere}`) };
  }

  function twist(value: unknown, key: string): unknown {
    if (typeof value === 'string') {
      if (ADDRESSES.test(key) && value !== '') return value.replace(/^[a-z]+:\/\/[^/]+|^git@[^:]+/, elsewhere);
      return TEXTS.test(key) ? `${value} ${text}` : value;
    }
    if (Array.isArray(value)) return value.map((each) => twist(each, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, twist(each, name)]));
  }
}
