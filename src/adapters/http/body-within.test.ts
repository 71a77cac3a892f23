import { expect, test } from 'vitest';
import { bodyWithin } from './body-within.ts';

/** A body of `pieces` pieces of 1,000 bytes, and how many of them were taken. */
function answer(pieces: number): { response: Response; taken: () => number } {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (taken >= pieces) controller.close();
      else controller.enqueue(new Uint8Array(1000));
      taken += 1;
    },
  });
  return { response: new Response(body), taken: () => taken };
}

test('a body as long as may be is read whole', async () => {
  expect((await bodyWithin(answer(5).response, 5000))?.length).toBe(5000);
  expect(await bodyWithin(new Response(null), 5000)).toHaveLength(0);
});

test('a body without end is given up, and no more of it is read', async () => {
  const { response, taken } = answer(Infinity);
  expect(await bodyWithin(response, 5000)).toBeUndefined();
  expect(taken()).toBeLessThan(10);
});
