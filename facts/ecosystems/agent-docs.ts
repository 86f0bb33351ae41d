import type { Code, Heading, InlineCode, Nodes, Paragraph } from 'mdast';
import { readCommand } from '../commands/reading.ts';
import { toolRule } from '../commands/tools.ts';
import { ecosystem } from '../ecosystem.ts';
import { parseMarkdown, parserTrap } from '../parse/markdown.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';

/** Words right before a command that forbid it. */
const BANS = /\b(?:never\s+(?:directly\s+)?(?:run|use|call|invoke|execute)?|no)\s+$/i;
/** Languages of fenced blocks that hold commands. */
const SHELL = new Set(['sh', 'bash', 'shell', 'zsh', 'console', 'shell-session', 'terminal', 'fish', 'text', '']);
const NEGATIVE =
  /\b(?:never|do not|don['’]t|avoid|not|instead of|rather than|forbidden|prohibited|wrong|bad|incorrect|deprecated|no longer)\b|❌|🚫|⛔/i;

/**
 * What people wrote for agents: the commands they name, and the ones they forbid. Every one of them is verified like
 * any other command, because documents rot.
 */
export const agentDocs = ecosystem({
  id: 'agent-docs',
  title: 'AGENTS.md and its like',
  files: ['AGENTS.md', 'AGENT.md', 'CLAUDE.md', 'GEMINI.md', '/.cursorrules', '.github/copilot-instructions.md'],
  *detect(repo) {
    for (const file of repo.files) {
      const trap = parserTrap(file.text);
      if (trap !== undefined) {
        repo.problem(file.path, `not read: ${trap}`);
        continue;
      }
      const dir = file.dir === '.github' ? '' : file.dir;
      yield* read(parseMarkdown(file.text), file, dir);
    }
  },
});

function* read(root: Nodes, file: SourceFile, dir: string): Iterable<Signal> {
  let before = '';
  for (const node of blocks(root)) {
    if (node.type === 'code') {
      yield* fenced(node, file, dir, before);
      continue;
    }
    yield* inline(node, file, dir);
    before = textOf(node);
  }
}

/** Paragraphs, headings and code blocks in reading order, however deep in lists and quotes. */
function* blocks(node: Nodes): Iterable<Code | Paragraph | Heading> {
  if (node.type === 'code') yield node;
  else if (node.type === 'paragraph' || node.type === 'heading') yield node;
  else if ('children' in node) for (const child of node.children) yield* blocks(child as Nodes);
}

function* fenced(node: Code, file: SourceFile, dir: string, before: string): Iterable<Signal> {
  if (!SHELL.has((node.lang ?? '').toLowerCase()) || !node.position) return;
  const first =
    node.position.start.line +
    (file.lines
      .line(node.position.start.line)
      .trim()
      .match(/^(?:```|~~~)/)
      ? 1
      : 0);
  // "Never do this:" before the block, or "# wrong" within it, turns what follows around.
  const wholeIsWrong = /:\s*$/.test(before) && NEGATIVE.test(before);
  let wrong = wholeIsWrong;
  for (const [index, raw] of node.value.split('\n').entries()) {
    const text = raw.trim();
    if (text.startsWith('#')) {
      wrong = wholeIsWrong || NEGATIVE.test(text);
      continue;
    }
    if (text === '') wrong = wholeIsWrong;
    const [command, remark = ''] = text.replace(/^[$%>] /, '').split(/\s+#\s/, 2) as [string, string?];
    if (command !== '') yield* said(command, file, first + index, dir, wrong || NEGATIVE.test(remark));
  }
}

function* inline(node: Paragraph | Heading, file: SourceFile, dir: string): Iterable<Signal> {
  let sentence = '';
  for (const part of flat(node)) {
    if (typeof part === 'string') {
      sentence = `${sentence}${part}`.split(/[.;:!?](?:\s|$)|\n\n/).at(-1) ?? '';
      continue;
    }
    const line = part.position?.start.line;
    if (line === undefined) continue;
    const text = part.value.trim();
    // "Never run `pytest`" forbids a tool by its bare name; further away from it the word is about something else.
    if (BANS.test(sentence) && !text.includes(' ') && toolRule([text]) !== undefined) {
      yield { kind: 'prohibition', command: text, dir, at: file.at(line) };
    } else yield* said(text, file, line, dir, NEGATIVE.test(sentence) || BANS.test(sentence));
  }
}

function* flat(node: Nodes): Iterable<string | InlineCode> {
  if (node.type === 'inlineCode') yield node;
  else if ('value' in node) yield node.value;
  else if ('children' in node) for (const child of node.children) yield* flat(child as Nodes);
}

function textOf(node: Paragraph | Heading): string {
  return [...flat(node)].map((part) => (typeof part === 'string' ? part : part.value)).join('');
}

const PLACEHOLDER = /<([^<>\s]+)>|\[([a-z][\w-]*)\]|\b(path\/to\/[\w./-]+)/g;

function* said(text: string, file: SourceFile, line: number, dir: string, wrong: boolean): Iterable<Signal> {
  if (text.length > 300 || !/^[\w./@$=-]+(?:\s|$)/.test(text)) return;
  if (wrong) {
    // One word forbids a tool only where it is a tool: `any` in "never use `any`" is none.
    if (text.includes(' ')) yield { kind: 'prohibition', command: text, dir, at: file.at(line) };
    return;
  }
  if (!text.includes(' ') && !/^(?:\.\/|make|just|tox|nox|mage|yarn)/.test(text)) return;
  const open = text.replace(PLACEHOLDER, (_, name?: string, option?: string) => placeholder(name ?? option ?? 'file'));
  if (open !== text) {
    const tests =
      readCommand(open.replace(/<\w+>/g, 'x').split(/\s+/))?.purposes.test !== undefined ||
      /^(?:\w+ )+(?:test|tests)\b/.test(open);
    if (tests)
      yield { kind: 'command', purpose: 'test-single', run: open, dir, source: 'human', evidence: [file.at(line)] };
    return;
  }
  yield {
    kind: 'step',
    script: text,
    path: file.path,
    lines: [line],
    dir,
    pipeline: file.name,
    job: '',
    trigger: 'human',
  };
}

function placeholder(name: string): string {
  return /dir|folder|package|pkg|crate|module/i.test(name)
    ? '<dir>'
    : /file|path/i.test(name)
      ? '<file>'
      : /pattern|filter|regex/i.test(name)
        ? '<pattern>'
        : '<name>';
}
