import { Problem } from '#http';
import type { FastifyRequest } from 'fastify';
import type { Bytes } from '../read/row.js';
import { CSV, MAX_UPLOAD, XLSX } from './accept-uploads.js';

export interface Upload {
  readonly file: Bytes;
  readonly format: 'csv' | 'xlsx';
}

/**
 * The file that a request brings: its body, or the part `file` of a form.
 * @throws Problem 400 without one, 415 for another kind of body
 */
export async function uploadOf(request: FastifyRequest): Promise<Upload> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === CSV) return { file: limited(request.body as Bytes), format: 'csv' };
  if (type === XLSX) return { file: limited(request.body as Bytes), format: 'xlsx' };
  if (type !== 'multipart/form-data') {
    throw new Problem(
      415,
      'UnsupportedMediaType',
      `Send ${CSV}, an Excel workbook, or a form with the part "file".`,
    );
  }
  const parts = request.files();
  const { value: part } = await parts.next().catch((error: unknown) => {
    throw broken(error);
  });
  if (!part || part.fieldname !== 'file') {
    throw new Problem(400, 'FileMissing', 'The form has no file in its part "file".');
  }
  const workbook = part.mimetype === XLSX || /\.xlsx$/i.test(part.filename);
  return { file: onlyFile(part.file, parts), format: workbook ? 'xlsx' : 'csv' };
}

/** The file, and at its end, which is before anything is written, a look whether it is the only one. */
async function* onlyFile(file: Bytes, parts: AsyncIterator<unknown>): AsyncGenerator<Uint8Array> {
  yield* limited(file);
  const { done } = await parts.next().catch((error: unknown) => {
    throw broken(error);
  });
  if (!done) throw new Problem(400, 'SeveralFiles', 'The form has more than one file. Send them one by one.');
}

/** A stream's length is not known before its end, whatever its header says. */
async function* limited(body: Bytes | undefined): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.length;
      if (size > MAX_UPLOAD) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    throw broken(error);
  }
  // A form's file is cut at its limit without a word.
  if ((body as { truncated?: boolean } | undefined)?.truncated) throw tooLarge();
}

/** Reads and drops what is left of the upload: a client that writes before it reads would wait for ever with its answer unread. */
export function drain({ raw }: FastifyRequest): void {
  raw.removeAllListeners('readable').resume();
}

/** The upload ended before its end, or is not the form it says it is. */
function broken(error: unknown): unknown {
  if (error instanceof Problem || (error as { statusCode?: number }).statusCode === 413) return error;
  return new Problem(400, 'UploadBroken', `The upload cannot be read: ${(error as Error).message}.`);
}

function tooLarge(): Problem {
  return new Problem(413, 'BodyTooLarge', `A file may have ${MAX_UPLOAD >> 20} MB here; use "coop import".`);
}
