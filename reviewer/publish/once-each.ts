import type { Person } from '../../forge/review-port.ts';

/** Asks once for each person, however often it is asked: who writes many comments costs no more requests. */
export function onceEach<T>(ask: (person: Person) => Promise<T>): (person: Person) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (person) => {
    const answer = known.get(person.id) ?? ask(person);
    known.set(person.id, answer);
    return answer;
  };
}
