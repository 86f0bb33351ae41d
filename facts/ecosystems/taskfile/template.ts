/** A branch longer than this is no flag. */
const MAX_BRANCH = 500;

/**
 * Fills in what is plain in a Go template: `{{.NAME}}`, `{{.NAME | default "x"}}`, `{{default "x" .NAME}}`, `{{exeExt}}`.
 * Of `{{if .NAME}}a{{else}}b{{end}}` the first part stays only where the name is known to have a value. Everything else
 * stays as it is written.
 */
export function fillIn(text: string, values: ReadonlyMap<string, string>): string {
  let out = '';
  let from = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', from)) {
    const close = text.indexOf('}}', open);
    if (close < 0) break;
    const expression = text
      .slice(open + 2, close)
      .replace(/^-|-$/g, '')
      .trim();
    const condition = /^if \.(\w+)$/.exec(expression)?.[1];
    const branches = condition === undefined ? undefined : branchesIn(text.slice(close + 2, close + 2 + MAX_BRANCH));
    out += text.slice(from, open);
    if (condition !== undefined && branches) {
      out += fillIn(values.get(condition) ? branches.then : branches.otherwise, values);
      from = close + 2 + branches.length;
    } else {
      out += answer(expression, values) ?? text.slice(open, close + 2);
      from = close + 2;
    }
  }
  return out + text.slice(from);
}

/** What stands between `{{if}}` and its `{{end}}`; nothing where conditions are nested. */
function branchesIn(
  rest: string,
): { readonly then: string; readonly otherwise: string; readonly length: number } | undefined {
  const end = rest.indexOf('{{end}}');
  const inner = rest.slice(0, end);
  if (end < 0 || inner.includes('{{if')) return undefined;
  const [then = '', otherwise = ''] = inner.split('{{else}}');
  return { then, otherwise, length: end + '{{end}}'.length };
}

function answer(expression: string, values: ReadonlyMap<string, string>): string | undefined {
  if (expression.length > 200) return undefined;
  if (expression === 'exeExt') return '';
  const plain = /^\.(\w+)$/.exec(expression);
  if (plain) return values.get(plain[1]!);
  const withDefault = /^\.(\w+)\s*\|\s*default\s+["'`]([^"'`]*)["'`]$/.exec(expression);
  if (withDefault) return values.get(withDefault[1]!) || withDefault[2];
  const defaulted = /^default\s+["'`]([^"'`]*)["'`]\s+\.(\w+)$/.exec(expression);
  return defaulted ? values.get(defaulted[2]!) || defaulted[1] : undefined;
}
