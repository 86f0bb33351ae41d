import type { ModelsSettings } from '../../models/config.ts';
import { NO_USAGE } from '../../models/meter.ts';
import type { Recorder, TranscriptEvent } from '../../models/port.ts';
import { costOf } from '../../models/price.ts';
import type { Told } from './protocol.ts';

/** Of one question: tells what of its transcript others want to know while it is under way. */
export function tellingRecorder(id: number, settings: ModelsSettings, tell: (told: Told) => void): Recorder {
  /** The model whose answer was just cut off. */
  let cutOff: string | undefined;
  return {
    write(event) {
      const { agent } = event;
      switch (event.type) {
        case 'call':
          if (event.model === cutOff) tell({ type: 'event', event: { type: 'continued', agent, model: event.model } });
          cutOff = undefined;
          tell({ type: 'call', id, ...begun(event, settings) });
          return;
        case 'step':
          cutOff = event.finish === 'length' ? event.model : undefined;
          tell({ type: 'step', id, usage: event.usage, cost: event.cost });
          return;
        case 'failback':
          tell({ type: 'event', event: { type: 'failback', agent, from: event.from, to: event.to } });
          return;
        case 'thinking':
          tell({ type: 'event', event: { type: 'thinking', agent, seconds: event.seconds } });
          return;
        case 'warning':
          tell({ type: 'event', event: { type: 'warning', agent, message: event.message } });
          return;
      }
    },
  };
}

/** A prompt that was sent is counted there, whatever comes of it. */
function begun({ model, estimatedTokens }: Extract<TranscriptEvent, { type: 'call' }>, { providers }: ModelsSettings) {
  const usage = { ...NO_USAGE, inputTokens: estimatedTokens, estimated: true };
  const slash = model.indexOf('/');
  const settings = providers[model.slice(0, slash)]?.models[model.slice(slash + 1)];
  return { usage, cost: settings ? costOf(usage, settings) : null };
}
