/**
 * Reads a body as it streams in, and gives up at the limit or when the signal comes, whatever the decoder behind the
 * stream does: one that waits for the rest of a gzip hears nothing of an aborted request.
 * @param limit in bytes, after decompression
 * @returns undefined when there is more than the limit. Rejects when the connection breaks or the signal comes.
 */
export async function readBody(
  response: Response,
  limit: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  if (Number(response.headers.get('content-length') ?? 0) > limit) {
    discard(response);
    return undefined;
  }
  if (response.body === null) return Buffer.alloc(0);
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const deadline = whenAborted(signal);
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), deadline.passed]);
      if (done) return Buffer.concat(chunks);
      size += value.byteLength;
      if (size > limit) return undefined;
      chunks.push(value);
    }
  } finally {
    deadline.forget();
    // After the end it does nothing; before it, it closes the connection.
    reader.cancel().catch(() => undefined);
  }
}

function whenAborted(signal: AbortSignal): { readonly passed: Promise<never>; readonly forget: () => void } {
  let onAbort = (): void => undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  // It may be rejected while nobody waits for it: between two chunks, or when the body has ended already.
  passed.catch(() => undefined);
  return {
    passed,
    forget: () => {
      signal.removeEventListener('abort', onAbort);
    },
  };
}

/** Lets go of a body that nobody will read; otherwise its connection stays taken. Whatever it still fails with is of no interest. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
