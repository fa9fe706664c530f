import { StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { Problem, type ProblemError } from './problem.js';

/** Checks every decorated parameter by its schema; all faults at once, each with a JSON pointer. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new PointingValidationPipe({ exceptionFactory: (issues) => invalid(issues) });
}

/** Names the parameter of the path or query that a fault is in; a schema of one value cannot. */
class PointingValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (!(error instanceof Problem) || !metadata.data) throw error;
      const errors = error.errors?.map((fault) => ({
        ...fault,
        pointer: `/${metadata.data}${fault.pointer}`,
      }));
      throw new Problem(error.status, error.code, error.detail, errors);
    }
  }

  /** The parser of bodies refuses keys such as `__proto__` already, and schemas take the keys that they name. */
  protected override stripProtoKeys(): void {}
}

/** The 400 answer for input that is not of the form asked for. */
export function invalid(issues: readonly StandardSchemaV1.Issue[]): Problem {
  const errors = issues.flatMap(errorsOf);
  const values = new Set(errors.map(({ pointer }) => pointer)).size;
  const more = errors.length > MAX_LISTED ? ` The first ${MAX_LISTED} faults are listed.` : '';
  return new Problem(
    400,
    'Invalid',
    `${values === 1 ? 'One value is' : `${values} values are`} not as required.${more}`,
    errors.slice(0, MAX_LISTED),
  );
}

const MAX_LISTED = 200;

function errorsOf(issue: StandardSchemaV1.Issue): ProblemError[] {
  const pointer = pointerOf(issue.path ?? []);
  const { code, keys } = issue as { code?: string; keys?: string[] };
  if (code === 'unrecognized_keys' && keys) {
    return keys.map((key) => ({
      pointer: pointerOf([...(issue.path ?? []), key]),
      code: 'UnknownField',
      message: 'this field is not known here',
    }));
  }
  const isMissing = code === 'invalid_type' && issue.message.endsWith('received undefined');
  const message = isMissing ? 'is required' : issue.message;
  return [{ pointer, code: codes[code ?? ''] ?? 'Invalid', message }];
}

const codes: Readonly<Record<string, string>> = {
  invalid_type: 'WrongType',
  invalid_value: 'NotAllowed',
  too_big: 'TooBig',
  too_small: 'TooSmall',
  invalid_format: 'WrongFormat',
};

function pointerOf(path: readonly (PropertyKey | StandardSchemaV1.PathSegment)[]): string {
  return path
    .map((segment) => String(typeof segment === 'object' ? segment.key : segment))
    .map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
