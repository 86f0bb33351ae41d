import type { CommandSpec } from './command.ts';

/** Commands about language models: as data, like every command. */
export const MODELS_COMMAND: CommandSpec = {
  name: 'models',
  summary: 'look at the language models that are configured, try them, and see what they cost',
  subcommands: [
    {
      name: 'list',
      summary: 'print providers, models, tiers and agents as configured, and what remote configuration changes now',
      details:
        'Whether the key of a provider is there is told, the key never. Asks nothing but models.remote.url, where that is set. Without models it says so.',
    },
    {
      name: 'test',
      summary:
        'ask each model something small: whether it answers, how fast, in which form, and whether it calls tools',
      details:
        'Nothing of any repository is sent; each model costs a few hundred tokens. Exit code 1 where a model fails, 3 where none answers.',
      arguments: [
        {
          name: 'model',
          summary: 'only these, as provider/model (default: all of providers that are switched on)',
          optional: true,
          variadic: true,
        },
      ],
    },
    {
      name: 'cost',
      summary: 'print what models took, by agent and model, from transcripts',
      details:
        'Calls, retries, tokens, the share of them that was cached, and money in the currency of the price tables; what is not known is said to be unknown. Exit code 1 where a transcript is damaged; what stands before the damage counts.',
      arguments: [
        {
          name: 'transcript',
          summary: 'transcripts, or folders of them (default: models.transcript.dir)',
          optional: true,
          variadic: true,
          kind: 'file',
        },
      ],
    },
  ],
};
