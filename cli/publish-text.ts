import type { WriteRequest } from '../forge/write-request.ts';
import type { PublishResult } from '../generator/publish/index.ts';
import type { Output } from './output.ts';
import { printable, printableLine } from './printable.ts';

/** One line of what became of a project, and one for whoever was asked to look at it. */
export function publishText(result: PublishResult, style: Output['style']): string {
  const head = `${printableLine(result.project)}: ${style('bold', result.kind)}`;
  if ('message' in result) return `${head} (${result.reason}): ${printableLine(result.message)}\n`;
  const { iid, url } = result.mergeRequest;
  const files = 'files' in result && result.files.length > 0 ? `, ${result.files.map(printableLine).join(', ')}` : '';
  const reason = result.kind === 'closed' ? ` (${result.reason})` : '';
  const lines = [`${head}${reason} !${iid}${files}`, printableLine(url)];
  if (result.kind === 'created') {
    const { usernames, source } = result.reviewers;
    lines.push(usernames.length > 0 ? `reviewers: ${usernames.join(', ')} (${source})` : 'reviewers: none');
  }
  return `${lines.join('\n')}\n`;
}

/** What a dry run would have come to, on a line. */
export function dryRunText(result: PublishResult, requests: number): string {
  if ('message' in result) return `${result.project}: ${result.kind} (${result.reason}): ${result.message}`;
  const verbs = {
    created: 'would be opened',
    updated: 'would be brought up to date',
    closed: 'would be closed',
  } as const;
  if (result.kind === 'unchanged') return `${result.project}: !${result.mergeRequest.iid} is up to date`;
  const number = result.kind === 'created' ? 'a merge request' : `!${result.mergeRequest.iid}`;
  return `${result.project}: ${number} ${verbs[result.kind]} with ${requests} ${requests === 1 ? 'request' : 'requests'}`;
}

/** What a dry run would have sent, request by request. */
export function requestsText(requests: readonly WriteRequest[], style: Output['style']): string {
  if (requests.length === 0) return 'nothing would be sent\n';
  return requests
    .map(({ method, path, body, why }) => {
      const shown = body === undefined ? '' : `${printable(JSON.stringify(body, null, 2))}\n`;
      return `${style('bold', `${method} ${printableLine(path)}`)}  # ${printableLine(why)}\n${shown}`;
    })
    .join('\n');
}
