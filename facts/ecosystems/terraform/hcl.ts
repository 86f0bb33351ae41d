import type { SourceFile } from '../../source-file.ts';

/** What a line of HCL says outside comments and here-documents. */
interface HclLine {
  readonly text: string;
  readonly line: number;
  /** How many blocks are open where the line begins. */
  readonly depth: number;
}

/** A line longer than this is data. */
const LONGEST = 2_000;

/**
 * The lines of an HCL file that hold code. HCL has no parser here: blocks that open or close on a line of their own, as
 * `terraform fmt` writes them, are all that is asked for. https://developer.hashicorp.com/terraform/language/syntax
 */
export function hclLines(file: SourceFile): readonly HclLine[] {
  const found: HclLine[] = [];
  let depth = 0;
  let comment = false;
  let hereDocument: string | undefined;
  for (let line = 1; line <= file.lines.count; line++) {
    const whole = file.lines.line(line);
    if (whole.length > LONGEST) continue;
    if (hereDocument !== undefined) {
      if (whole.trim() === hereDocument) hereDocument = undefined;
      continue;
    }
    const { code, open } = withoutComments(whole, comment);
    comment = open;
    const bare = code.replace(/"(?:[^"\\]|\\.)*"?/g, '""');
    if (code.trim() !== '') found.push({ text: code.trim(), line, depth });
    hereDocument = /<<-?\s*"?([A-Za-z_]\w*)"?\s*$/.exec(bare)?.[1];
    for (const character of bare) {
      if (character === '{') depth++;
      else if (character === '}') depth = Math.max(0, depth - 1);
    }
  }
  return found;
}

function withoutComments(line: string, inside: boolean): { readonly code: string; readonly open: boolean } {
  let code = '';
  let open = inside;
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const two = line.slice(i, i + 2);
    if (open) {
      if (two === '*/') {
        open = false;
        i++;
      }
    } else if (quoted) {
      code += line[i] === '\\' ? line.slice(i, ++i + 1) : line[i]!;
      if (line[i] === '"') quoted = false;
    } else if (two === '/*') {
      open = true;
      i++;
    } else if (line[i] === '#' || two === '//') break;
    else {
      code += line[i]!;
      quoted = line[i] === '"';
    }
  }
  return { code, open };
}
