/** Answers that are files, saved as the browser saves files. They come by fetch, which carries the token where a link does not. */

/** The answer ended without its end: the server tells a fault in the middle of a file so. */
export class BrokenDownload extends Error {}

const TOLD_EVERY_MS = 200;
/** Until then the browser has begun to read what it saves. */
const KEPT_MS = 60_000;

/**
 * @param tell how many bytes have come, a few times a second
 * @returns bytes of the file
 * @throws BrokenDownload
 */
export async function saveStream(
  stream: ReadableStream<Uint8Array>,
  name: string,
  type: string,
  tell: (bytes: number) => void,
): Promise<number> {
  const blob = await new Response(stream.pipeThrough(counted(tell)), { headers: { 'content-type': type } })
    .blob()
    .catch((error: unknown) => {
      // The browser's word for a connection that broke.
      throw error instanceof TypeError ? new BrokenDownload() : error;
    });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
  return blob.size;
}

function counted(tell: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  let toldAtMs = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (performance.now() - toldAtMs > TOLD_EVERY_MS) {
        toldAtMs = performance.now();
        tell(bytes);
      }
      controller.enqueue(chunk);
    },
  });
}
