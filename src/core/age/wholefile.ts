import type { Decrypter, Encrypter } from 'age-encryption';
import { joinedAll, wipe } from '../bytes.ts';

/**
 * Whole age files by way of streams. Given bytes, the package collects its output with `Response`, for which Node loads an
 * HTTP client: that takes as long as all the rest of opening a small file.
 */

/** The plain bytes of a binary age file. Throws what `Decrypter.decrypt` throws. */
export async function decryptFile(decrypter: Decrypter, file: Uint8Array): Promise<Uint8Array> {
  return collected(await decrypter.decrypt(streamOf(file)));
}

/** A binary age file of `plain`. Throws what `Encrypter.encrypt` throws. */
export async function encryptFile(encrypter: Encrypter, plain: Uint8Array): Promise<Uint8Array> {
  return collected(await encrypter.encrypt(streamOf(plain)));
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}

async function collected(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  const whole = joinedAll(parts);
  // Ours to wipe: the package makes each piece anew, and they may be a key.
  parts.forEach(wipe);
  return whole;
}
