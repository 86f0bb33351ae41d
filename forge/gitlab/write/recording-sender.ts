import type { RecordWrite } from '../../write-request.ts';
import type { Sender } from './sender.ts';

/** Sends nothing: takes down what would be sent, and goes on as if it had been applied. */
export function recordingSender(record: RecordWrite): Sender {
  return {
    send: async ({ request, placeholder }) => {
      record(request);
      return placeholder;
    },
  };
}
