/**
 * Text without what nobody sees and a model reads all the same: control, direction, zero-width, tag and private characters.
 * Line ends and tabs stay, and so do the joiners that emoji are made of.
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, '');
}

const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ue000-\uf8ff]|[\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]/gu;
