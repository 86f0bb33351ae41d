import type { GitlabHttp } from './http/port.ts';
import { restSelf, understood } from './schema.ts';

/** Who the token stands for. The address is the one that commits through the API carry. @throws {ForgeError} */
export async function askSelf(http: GitlabHttp) {
  const answer = await http.send({ method: 'GET', path: '/user' });
  const { username, name, email, commit_email, public_email } = understood(
    restSelf,
    answer.json(),
    `${http.instance}: GET /user`,
  );
  return { username, name, email: commit_email || email || public_email || '' };
}
