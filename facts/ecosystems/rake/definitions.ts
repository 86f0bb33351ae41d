import type { SourceFile } from '../../source-file.ts';
import { type Statement, statements } from '../ruby/statements.ts';
import { shellLines } from './body.ts';
import { LIBRARY_TASKS, REQUIRED_TASKS } from './library-tasks.ts';

/** A task as a file of Rake defines it, with the namespaces it stands in. */
export interface Definition {
  /** `lint:ruby`. */
  readonly name: string;
  readonly file: SourceFile;
  readonly line: number;
  readonly description: string | undefined;
  /** As written: relative to the namespaces around it. */
  readonly needs: readonly string[];
  readonly body: readonly string[];
  /** A library's task under the library's own name for it: people call the tool. */
  readonly byLibrary: boolean;
}

const MAX_DEFINITIONS = 400;
const NAMESPACE = /^namespace[\s(]\s*(?::?["']([\w:.-]+)["']|:?(\w+))/;
const TASK = /^(?:multi)?task\s*(?:\(\s*)?(?=[:"'\w])/;
const DESCRIPTION = /^desc[\s(]\s*["'](.{1,200}?)["']\)?\s*$/;
const NEW = /^(?:[\w@]+\s*=\s*)?(?:::)?((?:\w+::)*\w+)\.(?:new|create)\b(?!\.)\s*\(?\s*/;
const TOOLS = /^(?:rubocop|reek|rspec)$/;
const REQUIRE = /^require[\s(]\s*["']([\w/.-]+)["']/;

/** The tasks of a Rakefile (https://ruby.github.io/rake/doc/rakefile_rdoc.html). Computed names are left out. */
export function definitions(file: SourceFile): readonly Definition[] {
  const found: Definition[] = [];
  const scopes: { readonly name: string; readonly indent: number }[] = [];
  let described: string | undefined;
  const all = statements(file.text);
  for (let i = 0; i < all.length && found.length < MAX_DEFINITIONS; i++) {
    const statement = all[i]!;
    const { text, indent, line } = statement;
    // A block ends where something stands as far left as its head, which in a healthy file is its `end`.
    while (scopes.length > 0 && scopes.at(-1)!.indent >= indent) scopes.pop();
    const prefix = scopes.map(({ name }) => `${name}:`).join('');
    const namespace = text.startsWith('namespace') ? NAMESPACE.exec(text) : null;
    if (namespace) {
      scopes.push({ name: namespace[1] ?? namespace[2]!, indent });
      described = undefined;
      continue;
    }
    const says = text.startsWith('desc') ? DESCRIPTION.exec(text)?.[1] : undefined;
    if (says !== undefined) {
      described = says;
      continue;
    }
    const add = (name: string, more: Pick<Definition, 'needs' | 'body' | 'byLibrary'>): void => {
      found.push({ name: prefix + name, file, line, description: described, ...more });
    };
    const required = text.startsWith('require') ? REQUIRED_TASKS.get(REQUIRE.exec(text)?.[1] ?? '') : undefined;
    for (const { name, body } of required ?? []) add(name, { needs: [], body: [body], byLibrary: true });
    const task = text.includes('task') ? TASK.exec(text) : null;
    if (task) {
      const head = readHead(text.slice(task[0].length));
      if (head) {
        const inside = bodyOf(all, i, head.needs);
        // A task that is called like a tool and runs it is no name of its own.
        const isTool = TOOLS.test(head.name) && inside.body.length === 1 && inside.body[0]!.includes(head.name);
        add(head.name, { ...inside, byLibrary: isTool && inside.needs.length === 0 });
      }
      described = undefined;
      continue;
    }
    const made = text.includes('.new') || text.includes('.create') ? NEW.exec(text) : null;
    const library = made ? LIBRARY_TASKS.get(made[1]!) : undefined;
    if (made && library) {
      const head = library.unnamed ? undefined : readHead(text.slice(made[0].length));
      const isSet = /\bdo\b|[{]/.test(text) && all[i + 1] !== undefined && all[i + 1]!.indent > indent;
      const block = isSet ? blockAfter(all, i).map((each) => each.text) : [];
      add(head?.name ?? library.name, {
        needs: head?.needs ?? [],
        body: library.body(block.join('\n')),
        byLibrary: library.toolIsTyped === true && (head === undefined || head.name === library.name),
      });
      described = undefined;
    }
  }
  return found;
}

interface Head {
  readonly name: string;
  readonly needs: readonly string[];
}

/** `:a`, `"a:b"`, `a: %i[b c]`, `:a => :b`, `:a, [:argument] => ["b"]`. */
function readHead(text: string): Head | undefined {
  const name = /^(?::?"([^"#\\]+)"|:?'([^'\\]+)'|:([\w?!]+)|(\w+)(?=:(?!:)))/.exec(text);
  if (!name) return undefined;
  const [whole, double, single, symbol, key] = name;
  const rest = text.slice(whole.length);
  const arrow = /^\s*:(?!:)\s*/.exec(rest) ?? /^\s*(?:,\s*(?:\[[^\]]*\]|:\w+)\s*)*(?:=>|,\s*needs:)\s*/.exec(rest);
  const found = double ?? single ?? symbol ?? key!;
  if (!/^[\w:.?!-]+$/.test(found)) return undefined;
  return { name: found, needs: arrow ? namesIn(rest.slice(arrow[0].length)) : [] };
}

/** A name, or a list of names; an expression around them (`%w[a b] + more`) adds what is not known. */
function namesIn(text: string): readonly string[] {
  const words = /^%[wWiI][[({<]([^\])}>]*)[\])}>]/.exec(text);
  if (words) return words[1]!.split(/\s+/).filter((word) => word !== '' && !word.includes('#'));
  const list = /^\[([^\]]*)\]/.exec(text)?.[1] ?? /^(?::?"[^"]*"|:?'[^']*'|:\w+[?!]?)/.exec(text)?.[0] ?? '';
  return [...list.matchAll(/:?"([^"#]+)"|:?'([^']+)'|:(\w+[?!]?)/g)].map(([, a, b, c]) => (a ?? b ?? c)!);
}

/** The statements of the block that a statement opens. */
function blockAfter(all: readonly Statement[], head: number): readonly Statement[] {
  const { indent } = all[head]!;
  let end = head + 1;
  while (end < all.length && all[end]!.indent > indent) end++;
  return all.slice(head + 1, end);
}

function bodyOf(all: readonly Statement[], head: number, needs: readonly string[]): Pick<Definition, 'body' | 'needs'> {
  const { text } = all[head]!;
  const inline = /(?:\bdo\b|\{)(?:\s*\|[^|]*\|)?\s*(.+?)\s*(?:\bend|\})$/.exec(text.slice(0, 2000))?.[1];
  const texts =
    inline === undefined ? (/\bdo\b/.test(text) ? blockAfter(all, head).map((each) => each.text) : []) : [inline];
  const body: string[] = [];
  const invoked: string[] = [];
  for (const each of texts) {
    body.push(...shellLines(each));
    for (const [, double, symbol] of each.matchAll(/\bTask\[(?:["']([\w:.?!-]+)["']|:(\w+[?!]?))\]/g)) {
      // What a task calls by name is called from the top.
      invoked.push(`^${double ?? symbol}`);
    }
  }
  return { body, needs: [...needs, ...invoked] };
}
