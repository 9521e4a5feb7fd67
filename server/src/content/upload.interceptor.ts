import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { HttpArgumentsHost } from '@nestjs/common/interfaces/index.js';
import type { Request, Response } from 'express';
import multer, { MulterError } from 'multer';
import { finalize, type Observable } from 'rxjs';
import type { SignedInRequest } from '../accounts/index.js';
import { ProblemException } from '../platform/http/index.js';
import { IMPORT_LIMITS } from './parsers/limits.js';
import { UploadSlots } from './upload-slots.js';

/** The part of the form that holds the file. */
const FILE_FIELD = 'file';

const MEBIBYTE = 1024 * 1024;

const readForm = multer({
  storage: multer.memoryStorage(),
  defParamCharset: 'utf8',
  limits: {
    fileSize: IMPORT_LIMITS.fileBytes,
    files: 1,
    fields: 20,
    fieldSize: 4096,
    fieldNameSize: 100,
    headerPairs: 20,
  },
}).single(FILE_FIELD);

function toProblem(error: unknown): unknown {
  const fault = (path: string, code: string, message: string) =>
    new ProblemException(400, 'validation_failed', 'Some fields are not as they should be; see errors.', {
      errors: [{ path, code, message }],
    });
  if (!(error instanceof MulterError)) {
    // What is left is the form's reader, which says no more than that the body is not one.
    return error instanceof Error && /multipart|boundary|form|header|part|request/i.test(error.message)
      ? new ProblemException(400, 'malformed_upload', 'The body is not a complete multipart form. Send it again.')
      : error;
  }
  const field = error.field ?? FILE_FIELD;
  switch (error.code) {
    case 'LIMIT_FILE_SIZE': {
      const detail = `The file is larger than ${IMPORT_LIMITS.fileBytes / MEBIBYTE} MiB. Split it, or leave out columns that are not needed.`;
      return new ProblemException(413, 'file_too_large', detail, {
        errors: [{ path: FILE_FIELD, code: 'too_large', message: detail }],
      });
    }
    case 'LIMIT_UNEXPECTED_FILE':
    case 'LIMIT_FILE_COUNT':
      return field === FILE_FIELD
        ? fault(field, 'too_many', 'Send one file at a time.')
        : fault(field, 'unknown_field', 'This field is unknown; remove it. The file goes into "file".');
    case 'LIMIT_FIELD_VALUE':
      return fault(field, 'too_long', 'This field is too long.');
    default:
      return fault(field, 'invalid', `${error.message}.`);
  }
}

/** Reads a multipart form with one file into memory, and says what is wrong with one that cannot be taken. */
@Injectable()
export class UploadInterceptor implements NestInterceptor {
  private readonly slots = new UploadSlots();

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const release = this.slots.take(http.getRequest<SignedInRequest>().user?.id ?? '');
    try {
      await this.readForm(http);
    } catch (error) {
      release();
      throw error;
    }
    return next.handle().pipe(finalize(release));
  }

  private async readForm(http: HttpArgumentsHost): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      void readForm(http.getRequest<Request>(), http.getResponse<Response>(), (error: unknown) => {
        if (error === undefined || error === null) resolve();
        else reject(toProblem(error) as Error);
      });
    });
  }
}
