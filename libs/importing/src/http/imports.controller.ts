import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ActivityPolicy } from '#activities';
import { CommandExecutor, EventStore } from '#event-sourcing';
import { actorOf, Problem } from '#http';
import { Clock } from '#shared-kernel';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { importRecords, type ImportStores } from '../import-records.js';
import { loadBuiltInProfile, UnknownProfile } from '../profile/load-profile.js';
import type { Profile } from '../profile/profile.js';
import { UnreadableFile, type ImportSummary, type RowFinding } from '../report.js';
import { CSV, XLSX } from './accept-uploads.js';
import { drain, uploadOf } from './upload.js';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');
const query = z.strictObject({ profile: z.string().min(1), dryRun: flag, atomic: flag });

/** Findings of one kind in an answer; the command line tells all of them. */
const MOST_LISTED = 10_000;

interface ImportAnswer extends ImportSummary {
  readonly warnings: readonly RowFinding[];
  readonly errors: readonly RowFinding[];
  /** There are more errors or warnings than are listed; errorCount and warningCount say how many. */
  readonly truncated: boolean;
}

@ApiTags('Importing')
@Controller('imports')
export class ImportsController {
  private readonly stores: ImportStores;

  constructor(eventStore: EventStore, executor: CommandExecutor, policy: ActivityPolicy, clock: Clock) {
    this.stores = { eventStore, executor, policy, clock };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Imports a table of records; every bad row is answered, good ones go in' })
  @ApiHeader({ name: 'X-Actor', required: true, description: 'Who is acting', example: 'staff-1' })
  @ApiConsumes(CSV, XLSX, 'multipart/form-data')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiResponse({ status: 200, description: 'What became of the rows' })
  @ApiResponse({ status: 400, description: 'The file as a whole, or the profile, is not as it must be' })
  async import(
    @Req() request: FastifyRequest,
    @Query({ schema: query }) { profile: name, dryRun, atomic }: z.output<typeof query>,
  ): Promise<ImportAnswer> {
    const actor = actorOf(request);
    const profile = await profileOf(name);
    const { file, format } = await uploadOf(request);
    const errors: RowFinding[] = [];
    const warnings: RowFinding[] = [];
    const into = (list: RowFinding[]) => (finding: RowFinding) => {
      if (list.length < MOST_LISTED) list.push(finding);
    };
    try {
      const summary = await importRecords(this.stores, {
        file,
        format,
        profile,
        actor,
        dryRun,
        atomic,
        onError: into(errors),
        onWarning: into(warnings),
      });
      const { errorCount, warningCount } = summary;
      return { ...summary, warnings, errors, truncated: Math.max(errorCount, warningCount) > MOST_LISTED };
    } catch (error) {
      drain(request);
      throw problemOf(error);
    }
  }
}

async function profileOf(name: string): Promise<Profile> {
  try {
    return await loadBuiltInProfile(name);
  } catch (error) {
    if (!(error instanceof UnknownProfile)) throw error;
    throw new Problem(400, 'UnknownProfile', `There is no such profile; known: ${error.known.join(', ')}.`, [
      { pointer: 'profile', code: 'UnknownProfile', message: `one of ${error.known.join(', ')}` },
    ]);
  }
}

function problemOf(error: unknown): unknown {
  if (error instanceof UnreadableFile) {
    const errors = error.faults.map(({ row, column, code, message }) => ({
      pointer: column === undefined ? `line ${row}` : `line ${row}, column ${column}`,
      code,
      message,
    }));
    return new Problem(400, 'UnreadableFile', 'Nothing was imported: the file cannot be read.', errors);
  }
  return error;
}
