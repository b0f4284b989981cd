export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** The error with which a promise is refused. Should it be rejected later, nobody is left to be told. */
export function refusePromise(promise: PromiseLike<unknown>, error: Error): Error {
  promise.then(undefined, () => {});
  return error;
}
