/** A process that opens an engine, asks a question that nobody answers, and is killed: says the engine's process on stdout. */
import { openEngine } from '../open.ts';
import type { EngineSettings } from '../port.ts';
import { question } from './question.ts';

const settings = JSON.parse(process.argv[2]!) as EngineSettings;
const engine = await openEngine(settings, {
  env: process.env,
  onProcess: (pid) => process.stdout.write(`${pid}\n`),
});
await engine.ask(question('stall'));
