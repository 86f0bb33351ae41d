import leven from 'leven';

/** `; did you mean "rust"?` where a known name is near, else nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const distance = leven(name, candidate, { maxDistance: 3 });
    if (distance < (best?.distance ?? 3)) best = { name: candidate, distance };
  }
  return best && best.distance <= Math.ceil(name.length / 3) ? `; did you mean ${JSON.stringify(best.name)}?` : '';
}
