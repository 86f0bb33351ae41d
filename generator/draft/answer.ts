import * as z from 'zod';
import { DRAFTED_SECTIONS } from './port.ts';

const name = z.string().min(1).max(20);

/** A line of the repository that proves a proposed bullet. Nobody believes it before it was looked up. */
const proof = z.strictObject({
  path: z.string().min(1).max(500).describe('from the top of the repository'),
  line: z.int().min(1),
  quote: z.string().min(1).max(1000).describe('the text of that line as it stands there, without its number'),
});

const proposed = z.strictObject({
  section: z.enum(DRAFTED_SECTIONS),
  text: z.string().min(1).max(1000).describe('one line, without the bullet; names of the repository in backquotes'),
  evidence: z.array(proof).min(1).max(6),
});

/** What a model answers who is asked for a draft. Strings are bounded, lists are cut where they are read. */
export const draftAnswer = z.strictObject({
  phrased: z
    .array(z.strictObject({ bullet: name.describe('its name, as given'), text: z.string().min(1).max(1000) }))
    .describe('given bullets in clearer words; mostly none'),
  order: z.array(name).describe('names of given bullets, those that an agent needs first; empty: as they are'),
  proposed: z.array(proposed).describe('new bullets, the most useful first'),
});
