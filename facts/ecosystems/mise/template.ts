/** What a command takes, found in its own text. */
export interface Arguments {
  readonly required: string[];
}

/**
 * Fills in what is plain in a Tera template: `{{vars.x}}`, `{{config_root}}`, the default of `{{arg(...)}}`. Options and
 * flags that nobody gives are empty. Everything else stays as it is written.
 */
export function fillIn(text: string, vars: ReadonlyMap<string, string>, args: Arguments): string {
  let out = '';
  let from = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', from)) {
    const close = text.indexOf('}}', open);
    if (close < 0) break;
    const value = answer(text.slice(open + 2, close).trim(), vars, args);
    out += text.slice(from, open) + (value ?? text.slice(open, close + 2));
    from = close + 2;
  }
  return out + text.slice(from);
}

function answer(expression: string, vars: ReadonlyMap<string, string>, args: Arguments): string | undefined {
  if (expression === 'config_root' || expression === 'cwd') return '.';
  const variable = /^vars\.(\w+)$/.exec(expression)?.[1];
  if (variable !== undefined) return vars.get(variable);
  const call = /^(arg|option|flag|get_env)\(([^()]*)\)$/.exec(expression.slice(0, 300));
  if (!call) return undefined;
  const [, what, inner = ''] = call;
  const name = /\bname\s*=\s*["']([^"']*)["']/.exec(inner)?.[1] ?? 'argument';
  const fallback = /\bdefault\s*=\s*["']([^"']*)["']/.exec(inner)?.[1];
  if (fallback !== undefined) return fallback;
  if (what === 'get_env') return undefined;
  if (what !== 'arg' || /\bvar\s*=\s*true\b/.test(inner)) return '';
  args.required.push(name);
  return undefined;
}
