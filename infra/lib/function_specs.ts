// The five functions as a table of plain data: what each may take and what invokes it. The other
// files of this folder read the table; it imports none of them.

export const functionNames = ['order-processor', 'sms-sender', 'delivery-tracker',
  'email-fallback', 'sweeper'] as const;

/** A function's name: its handler's and its zip's too. */
export type FunctionName = (typeof functionNames)[number];

/** A queue that invokes a function; `Queues` (queues.ts) has it by this name. */
export type WorkQueue = 'orders' | 'sms' | 'smsHigh' | 'email';

/** A queue as the source of a function's invocations. */
export interface Source {
  readonly queue: WorkQueue;
  /** How many of the function run at once for this queue. */
  readonly maxConcurrency: number;
  /** How long messages gather to a batch. */
  readonly batchingSeconds: number;
}

/** What a function is. */
export interface FunctionSpec {
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly sources: readonly Source[];
  /**
   * Whether events that failed go to the dead letters: of functions that are invoked by what does
   * not wait for the answer (events, subscriptions of logs).
   */
  readonly keepsFailedEvents: boolean;
  /**
   * Whether the function sends what has to wait back to the queue that invokes it, time and again
   * in a long backlog. Lambda takes that for a runaway loop and, after some sixteen rounds, stops
   * it: the messages would be dead letters. What ends these rounds is the time at which the sweeper
   * offers the message again.
   */
  readonly requeues: boolean;
}

export const functionSpecs: { readonly [name in FunctionName]: FunctionSpec } = {
  'order-processor': {
    timeoutSeconds: 50,
    memoryMiB: 512,
    sources: [{ queue: 'orders', maxConcurrency: 100, batchingSeconds: 5 }],
    keepsFailedEvents: true,
    requeues: false,
  },
  'sms-sender': {
    timeoutSeconds: 30,
    memoryMiB: 256,
    // Fifty senders together. Urgent messages wait neither behind the others nor for a batch.
    sources: [
      { queue: 'sms', maxConcurrency: 40, batchingSeconds: 5 },
      { queue: 'smsHigh', maxConcurrency: 10, batchingSeconds: 0 },
    ],
    keepsFailedEvents: false,
    requeues: true,
  },
  'delivery-tracker': {
    timeoutSeconds: 30,
    memoryMiB: 256,
    sources: [],
    keepsFailedEvents: true,
    requeues: false,
  },
  'email-fallback': {
    timeoutSeconds: 30,
    memoryMiB: 256,
    sources: [{ queue: 'email', maxConcurrency: 50, batchingSeconds: 5 }],
    keepsFailedEvents: false,
    requeues: true,
  },
  'sweeper': {
    timeoutSeconds: 55,  // it ends before the next one begins
    memoryMiB: 256,
    sources: [],
    keepsFailedEvents: false,  // the next one does what it left
    requeues: false,
  },
};

/** The result of `make` for each function, by the function's name. */
export function mapFunctions<Made>(make: (name: FunctionName) => Made) {
  return Object.fromEntries(functionNames.map((name) => [name, make(name)])) as
    { [name in FunctionName]: Made };
}
