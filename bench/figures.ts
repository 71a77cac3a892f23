/** One measured figure, with the limit it is held to where there is one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: string;
  readonly met?: boolean;
}

/** Microseconds a call, each call timed alone, after untimed rounds over the same items: a service has long been warm. */
export function percentiles<T>(
  items: readonly T[],
  call: (item: T) => unknown,
  rounds: number,
): { p50: number; p99: number } {
  for (let round = 0; round < WARM_UP; round += 1) for (const item of items) call(item);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const item of items) {
      const started = performance.now();
      call(item);
      times.push((performance.now() - started) * 1000);
    }
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(times.length / 2)] ?? 0, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

/** Untimed rounds, for us and for the peers alike. */
export const WARM_UP = 5;

export function perSecond(count: number, milliseconds: number): number {
  return (count / milliseconds) * 1000;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
