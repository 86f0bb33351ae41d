/** Of these nobody keeps two in one folder: a second one is where the first one is on its way out. */
const RIVALS = [
  ['npm', 'pnpm', 'yarn', 'bun'],
  ['pip', 'pipenv', 'poetry', 'pdm', 'uv', 'hatch', 'rye'],
  ['ant', 'maven', 'gradle', 'sbt'],
];

/** Whether two managers do the same for the same language. */
export function areRivals(one: string, other: string): boolean {
  return one !== other && RIVALS.some((names) => names.includes(one) && names.includes(other));
}
