import { plainText } from '../../forge/render/index.ts';
import type { NotifyOn } from '../config.ts';
import type { News } from './news.ts';
import { fill, type Values } from './template.ts';

const LONGEST_MESSAGE = 1000;

/** What is sent: the template filled in, or our own body. `dropped`: so many before it were left out. */
export function bodyOf(template: string, news: News, dropped: number): string {
  const values = harmless(news);
  if (template.trim() !== '') return JSON.stringify(fill(JSON.parse(template), values));
  const { kind, sweep, ...texts } = values;
  const given = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text || null]));
  return JSON.stringify({
    schema: 'agentsmd/notify/1',
    kind,
    text: sentence(news.kind, values),
    ...given,
    sweep: sweep === '' ? null : Number(sweep),
    ...(dropped > 0 ? { dropped } : {}),
  });
}

function harmless({ kind, project, reason, message, url, owner, sweep }: News): Values {
  return {
    kind,
    project: plain(project),
    reason: plain(reason),
    message: plain(message, LONGEST_MESSAGE),
    url: address(url),
    owner: plain(owner),
    sweep: sweep === null || sweep === undefined ? '' : String(sweep),
  };
}

function plain(text: string | undefined, limit?: number): string {
  return text ? plainText(text, limit) : '';
}

/** As it is where it is a web address, without what would end it in a chat's markup; a folder as text. */
function address(url: string | undefined): string {
  const parsed = url ? URL.parse(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) return plain(url);
  return parsed.href.replace(/[^\w:/?#=&%.,+@~-]/g, (character) =>
    encodeURIComponent(character).replace(/[!'()*]/g, hex),
  );
}

const hex = (character: string): string => `%${character.charCodeAt(0).toString(16)}`;

const SAYS: Readonly<Record<NotifyOn, string>> = {
  created: 'merge request opened',
  updated: 'merge request brought up to date',
  closed: 'merge request closed',
  refused: 'refused',
  failed: 'failed',
  halted: 'the rollout was halted',
};

function sentence(kind: NotifyOn, { project, reason, message, url }: Values): string {
  const why = [reason, message].filter((part) => part !== '').join(': ');
  const what = `${project === '' ? '' : `${project}: `}${SAYS[kind]}`;
  return [what, why === '' ? '' : ` (${why})`, url === '' ? '' : `: ${url}`].join('');
}
