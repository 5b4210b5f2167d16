/** Why a request had no answer; `status` 0 where nothing answered, `retryAfter` in seconds. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfter: number | undefined = undefined,
  ) {
    super(message);
    this.name = "Failure";
  }
}

/** What a person reads: what happened, and what to do. */
export function explain(failure: Failure): { title: string; advice: string } {
  if (failure.status === 0) {
    return {
      title: "The marketplace cannot be reached",
      advice: "Check your connection, then try again.",
    };
  }
  if (failure.status === 429) {
    const wait = failure.retryAfter === undefined ? "in a moment" : `in ${failure.retryAfter} s`;
    return { title: "Too many requests", advice: `The limit is per minute. Try again ${wait}.` };
  }
  if (failure.status === 400) {
    return { title: "The marketplace refused this search", advice: failure.message };
  }
  if (failure.status === 404) {
    return { title: "No such vendor", advice: "It may have left the marketplace, or the link is wrong." };
  }
  return {
    title: "The marketplace has a problem",
    advice: `It answered ${failure.status}. Try again in a moment.`,
  };
}

export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure(0, String(error));
}
