/** One measured figure, with the limit it is held to where there is one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: string;
  readonly met?: boolean;
}

/** Microseconds a call, each call timed alone, after one untimed round over the same items. */
export function percentiles<T>(
  items: readonly T[],
  call: (item: T) => unknown,
  rounds: number,
): { p50: number; p99: number } {
  for (const item of items) call(item);
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

export function perSecond(count: number, milliseconds: number): number {
  return (count / milliseconds) * 1000;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
