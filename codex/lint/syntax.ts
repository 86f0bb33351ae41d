import { SourceFile } from '../../facts/source-file.ts';
import { parserOf } from '../checks/ast-grep/grammars.ts';
import { grammarOf } from '../checks/ast-grep/index.ts';
import { UnavailableError } from '../checks/kind.ts';

type Node = ReturnType<ReturnType<Awaited<ReturnType<typeof parserOf>>>['root']>;

/** The first place where code of a file does not parse; `undefined` where it does, or where no parser for it is installed. */
export async function syntaxError(path: string, text: string): Promise<string | undefined> {
  const data = dataError(path, text);
  if (data !== 'code') return data;
  const language = grammarOf(path);
  return language === undefined ? undefined : await codeError(language, text);
}

/** The same for code of a language by its name. */
async function codeError(language: string, text: string): Promise<string | undefined> {
  let root: Node;
  try {
    root = (await parserOf(language))(text).root();
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
  const broken = brokenNode(root);
  if (!broken) return undefined;
  const { line } = broken.range().start;
  const [there = ''] = broken
    .text()
    .trim()
    .split(/[\r\n]/, 1);
  const what = broken.kind() === 'ERROR' ? `at ${JSON.stringify(there.slice(0, 40))}` : `${broken.kind()} is missing`;
  return `line ${line + 1} does not parse as ${language}: ${what}`;
}

/** An ERROR node, or an empty one that the parser put in where something is missing. */
function brokenNode(root: Node): Node | undefined {
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind() === 'ERROR') return node;
    const children = node.children();
    if (children.length > 0) open.push(...children.reverse());
    else if (
      node.text() === '' &&
      MISSING.test(String(node.kind())) &&
      node.range().start.index < root.range().end.index
    )
      return node;
  }
  return undefined;
}

/** Kinds that are text by nature; line ends and ends of files are empty where nothing is wrong. */
const MISSING = /^(?:[()[\]{};:,.="'<>]|\w*identifier)$/;

/** Of data the first mistake; `code` where the file is none. */
function dataError(path: string, text: string): string | undefined {
  let first: string | undefined;
  const file = new SourceFile(path, text, (message, line) => {
    first ??= line === undefined ? message : `line ${line} is ${message}`;
  });
  if (/\.ya?ml$/i.test(path)) file.yamlDocuments();
  else if (/\.(?:json[c5]?|code-workspace)$/i.test(path)) file.json();
  else if (/\.toml$/i.test(path)) file.toml();
  else return 'code';
  return first;
}
