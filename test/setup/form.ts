/** A multipart/form-data body for `inject`, written out by hand so that tests can also write wrong ones. */
import { randomUUID } from 'node:crypto';

export interface FormFile {
  readonly fileName: string;
  readonly content: Buffer | string;
}

export interface Form {
  readonly payload: Buffer;
  readonly headers: { readonly 'content-type': string };
}

export function formOf(parts: Readonly<Record<string, string | FormFile>>): Form {
  const boundary = `form-${randomUUID()}`;
  const chunks = Object.entries(parts).flatMap(([name, part]) => {
    const file = typeof part === 'string' ? undefined : part;
    const disposition = `form-data; name="${name}"${file ? `; filename="${file.fileName}"` : ''}`;
    const type = file ? '\r\nContent-Type: application/octet-stream' : '';
    return [
      Buffer.from(`--${boundary}\r\nContent-Disposition: ${disposition}${type}\r\n\r\n`),
      Buffer.from(file ? file.content : (part as string)),
      Buffer.from('\r\n'),
    ];
  });
  return {
    payload: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}
