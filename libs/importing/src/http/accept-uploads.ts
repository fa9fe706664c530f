import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';

export const CSV = 'text/csv';
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Larger tables are what the command line is for; it streams files of any size. */
export const MAX_UPLOAD = 256 << 20;

/** Lets requests bring a file: as their body, which stays a stream, or as the part of a form. */
export async function acceptUploads(fastify: FastifyInstance): Promise<void> {
  // Parsers that answer the stream itself: nothing is read before a route asks for it.
  fastify.addContentTypeParser([CSV, XLSX], { bodyLimit: MAX_UPLOAD }, (_request, payload, done) =>
    done(null, payload),
  );
  await fastify.register(multipart, { limits: { files: 2, fields: 10, fileSize: MAX_UPLOAD, parts: 12 } });
}
