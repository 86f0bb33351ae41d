/** Why a character that nobody sees does harm, by what it does. */
export type HiddenKind = 'tag' | 'direction' | 'zero-width' | 'invisible' | 'variation' | 'soft-hyphen';

/** A run of characters that nobody sees, at offsets of a line. */
export interface HiddenRun {
  readonly start: number;
  readonly end: number;
  readonly kind: HiddenKind;
  readonly codePoint: number;
}

const HIDDEN =
  /[\u00AD\u061C\u115F\u1160\u180E\u2060-\u206F\u202A-\u202E\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]|[\u200B-\u200F]|[\u17B4\u17B5]|[\u180B-\u180D]|\u180F|[\uFE00-\uFE0F]|[\u{1D173}-\u{1D17A}]|[\u{E0000}-\u{E01EF}]/gu;
/** Anything of it, without a search for where: most lines have none. */
const ANY = new RegExp(HIDDEN.source, 'u');

/** Scripts whose writers need joiners, and marks of direction, to spell and order words. */
const JOINED =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]/u;

/** The flags that Unicode recommends tag characters for: of England, Scotland and Wales. */
const FLAGS =
  /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/gu;

/**
 * Characters of a line that nobody sees and a model reads. What spelling needs is none of them: joiners within emoji and in
 * the scripts that join letters, marks of direction beside letters written from right to left, variation selectors behind
 * the one character they vary. Those that turn a direction over (U+202D, U+202E) spell nothing anywhere.
 */
export function hiddenRuns(line: string): readonly HiddenRun[] {
  if (!ANY.test(line)) return [];
  const flags = [...line.matchAll(FLAGS)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  const directed = RIGHT_TO_LEFT.test(line);
  const runs: { start: number; end: number; kind: HiddenKind; codePoint: number }[] = [];
  let flag = 0;
  for (const match of line.matchAll(HIDDEN)) {
    const start = match.index;
    const end = start + match[0].length;
    while (flag < flags.length && flags[flag]!.end <= start) flag++;
    if (flags[flag] !== undefined && flags[flag]!.start <= start) continue;
    const codePoint = match[0].codePointAt(0)!;
    if (isSpelling(codePoint, line, start, end, directed)) continue;
    const last = runs.at(-1);
    if (last?.end === start) last.end = end;
    else runs.push({ start, end, kind: kindOf(codePoint), codePoint });
  }
  return runs;
}

function kindOf(codePoint: number): HiddenKind {
  if (codePoint === 0xad) return 'soft-hyphen';
  if (codePoint >= 0xe0000 && codePoint <= 0xe007f) return 'tag';
  if (isVariation(codePoint)) return 'variation';
  if (codePoint >= 0x202a && codePoint <= 0x202e) return 'direction';
  if (codePoint >= 0x2066 && codePoint <= 0x2069) return 'direction';
  if (codePoint === 0x200e || codePoint === 0x200f || codePoint === 0x61c) return 'direction';
  if ((codePoint >= 0x200b && codePoint <= 0x200d) || codePoint === 0x2060 || codePoint === 0xfeff) return 'zero-width';
  return 'invisible';
}

function isVariation(codePoint: number): boolean {
  return (
    (codePoint >= 0xfe00 && codePoint <= 0xfe0f) ||
    (codePoint >= 0xe0100 && codePoint <= 0xe01ef) ||
    (codePoint >= 0x180b && codePoint <= 0x180f && codePoint !== 0x180e)
  );
}

function isSpelling(codePoint: number, line: string, start: number, end: number, directed: boolean): boolean {
  const before = characterBefore(line, start);
  const after = String.fromCodePoint(line.codePointAt(end) ?? 0);
  switch (kindOf(codePoint)) {
    case 'variation':
      return variesOne(codePoint, before);
    case 'direction':
      return directed && codePoint !== 0x202d && codePoint !== 0x202e;
    case 'zero-width':
      if (codePoint === 0x200d) return followsPicture(line, start) || (JOINED.test(before) && !isBlank(after));
      if (codePoint === 0x200c) return JOINED.test(before) && !isBlank(after);
      return codePoint === 0x200b && UNSPACED.test(before) && UNSPACED.test(after);
    default:
      return false;
  }
}

/** Behind an emoji, a sign or an ideograph, and only one of them. */
function variesOne(codePoint: number, before: string): boolean {
  if (codePoint >= 0xe0100) return /\p{Script=Han}/u.test(before);
  if (codePoint >= 0x180b && codePoint <= 0x180f) return /\p{Script=Mongolian}/u.test(before);
  return /[\p{Emoji}\p{S}\p{Script=Han}]|[\u200D\u2010-\u205E]/u.test(before);
}

/** Behind an emoji one joiner is part of it, also where what it joined got lost: it can carry nothing. */
function followsPicture(line: string, start: number): boolean {
  const before = characterBefore(line, start);
  return PICTURE.test(before === '\uFE0F' ? characterBefore(line, start - 1) : before);
}

function characterBefore(line: string, start: number): string {
  if (start <= 0) return '';
  const low = line.charCodeAt(start - 1);
  return low >= 0xdc00 && low <= 0xdfff && start > 1 ? line.slice(start - 2, start) : line[start - 1]!;
}

function isBlank(text: string): boolean {
  return text === '\0' || /\s/.test(text);
}
