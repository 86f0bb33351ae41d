const LONGEST = 60;
/** One part of a pin: `>=22`, `^24.1.0`, `3.12.*`, `1.90.0-nightly`, `temurin-21`, `lts/iron`, `nightly-2026-03-05`, `net10.0-windows`. */
const PART =
  /^(?:[<>=~^!]{0,3}v?\d[\w.+-]*(?:\.\*)?|lts\/[\w*-]+|(?:stable|nightly|beta|latest|system|current)(?:-\d[\d.-]*)?|[a-z]+-\d[\w.+-]*|net(?:standard|coreapp)?\d[\d.]*(?:-[a-z]+[\d.]*)?|\*|-)$/i;

/**
 * True for a version or a range of versions. A pin is printed into files that agents obey, and any file of a repository
 * may hold one: what is more than a version is no pin.
 */
export function isPin(text: string): boolean {
  if (text.length > LONGEST) return false;
  const parts = text
    .replace(/([<>=~^!])\s+(?=v?\d)/g, '$1')
    .split(/\s*(?:[,;]|\|\|?)\s*|\s+/)
    .filter(Boolean);
  return parts.length > 0 && parts.every((part) => PART.test(part));
}
