import type { AuditEntry } from '../../forge/audit.ts';
import type { LoggedRequest } from '../gitlab/port.ts';

/** Of one project: where the audit log does not tell all that the server saw, or not why it was sent again. */
export function wrongInAudit(requests: readonly LoggedRequest[], audit: readonly AuditEntry[]): readonly string[] {
  const writes = requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
  const seen = Map.groupBy(writes, ({ method, path }) => `${method} ${path.replace('/api/v4', '')}`);
  const told = Map.groupBy(audit, ({ method, path }) => `${method} ${path}`);
  const wrong = [...seen].flatMap(([write, { length }]) => {
    const sent = (told.get(write) ?? []).filter(({ result }) => result === 'sent').length;
    return sent === length ? [] : [`audit: ${write} came ${length} times and is told ${sent} times`];
  });
  for (const write of told.keys()) if (!seen.has(write)) wrong.push(`audit: ${write} is told of and never came`);
  return [...wrong, ...[...told.values()].flatMap(wrongInWrite)];
}

/** @param entries of one address, in their order: each is sent, and then something comes of it. */
function wrongInWrite(entries: readonly AuditEntry[]): readonly string[] {
  return entries.flatMap((entry, at) => {
    const { result, attempt, retryOf, method, path, actor, why } = entry;
    const wrong: string[] = [];
    const before = entries[at - 1];
    if (result === 'sent') {
      const first = attempt === 1;
      if (first !== (retryOf === undefined || retryOf === '')) wrong.push(`try ${attempt} because ${retryOf}`);
      if (!first && before?.attempt !== attempt - 1) wrong.push(`try ${attempt} after try ${before?.attempt}`);
      if (before?.result === 'sent') wrong.push('nobody knows what came of the try before');
      if (entries[at + 1] === undefined) wrong.push('nobody knows what came of it');
    } else if (before?.attempt !== attempt) wrong.push(`${result} without having been sent`);
    if (!actor.startsWith('bot')) wrong.push(`by ${actor}`);
    if (why === '') wrong.push('for no reason');
    return wrong.map((what) => `audit: ${method} ${path}: ${what}`);
  });
}
