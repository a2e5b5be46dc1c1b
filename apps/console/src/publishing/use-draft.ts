/** What somebody who publishes has put together so far. It lives as long as the page. */
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { dataOf, latido } from '../api/latido';
import { versionQuery, versionsQuery, type ModelVersion } from '../api/models';
import { usePatientCall } from '../api/use-patient-call';
import { kindOfFile, summarize, type DocumentName, type DocumentSummary } from './documents';
import { fillGaps, type FilledDraft, type Inspection } from './fill-gaps';
import { manifestText, readManifest, withValue, type ManifestReading } from './manifest-text';
import { nextVersion } from './next-version';
import { textAt, valueAt, type Path } from './pointers';

export interface GivenDocument {
  readonly file: File;
  readonly summary: DocumentSummary;
}

export type Documents = Partial<Record<DocumentName, GivenDocument>>;

/** What of the model is there already. */
interface Before {
  readonly versions: readonly string[];
  readonly live: ModelVersion | undefined;
}

interface Looked {
  readonly inspection: Inspection;
  readonly before: Before;
}

/** @param initial the model of which it is a version */
export function useDraft(initial: string | undefined) {
  const queryClient = useQueryClient();
  const [nextOf, setNextOf] = useState(initial);
  const [artifact, setArtifact] = useState<File>();
  const [looked, setLooked] = useState<Looked>();
  const [text, setText] = useState<string>();
  const [ownManifest, setOwnManifest] = useState<string>();
  const [taken, setTaken] = useState<FilledDraft['taken']>([]);
  const hasOwn = useRef(false);
  const [documents, setDocuments] = useState<Documents>({});
  const [stray, setStray] = useState<string>();

  const inspect = usePatientCall((file: File, signal) => inspectFile(file, signal));
  const reading = useMemo<ManifestReading | undefined>(
    () => (text === undefined ? undefined : readManifest(text)),
    [text],
  );

  const before = async (model: string | undefined): Promise<Before> => {
    if (model === undefined) return { versions: [], live: undefined };
    const versions = await queryClient.fetchQuery(versionsQuery(model));
    const shown = versions.find(({ active }) => active);
    const live = shown && (await queryClient.fetchQuery(versionQuery(model, shown.version)));
    return { versions: versions.map(({ version }) => version), live };
  };
  const draw = (file: File, { inspection, before: known }: Looked, model: string | undefined): void => {
    const drafted = textAt(inspection.manifest, ['name']);
    const filled = fillGaps({
      inspection,
      fileName: file.name,
      name: model ?? (drafted === '' ? 'model' : drafted),
      version: nextVersion(known.versions),
      live: known.live,
    });
    setText(manifestText(filled.manifest));
    setTaken(filled.taken);
  };

  const takeArtifact = async (file: File): Promise<void> => {
    setArtifact(file);
    setLooked(undefined);
    const [inspection, known] = await Promise.all([inspect.run(file), before(nextOf)]);
    if (!inspection) return;
    const found = { inspection, before: known };
    setLooked(found);
    // What somebody wrote themselves is not replaced by a draft, though it was dropped with the file and came while that was read.
    if (!hasOwn.current) draw(file, found, nextOf);
  };
  const takeManifest = async (file: File): Promise<void> => {
    hasOwn.current = true;
    setOwnManifest(file.name);
    setTaken([]);
    setText(await file.text());
  };
  const takeDocument = async (file: File): Promise<void> => {
    const summary = summarize(file.name, await file.text());
    setStray(summary ? undefined : file.name);
    if (summary) setDocuments((given) => ({ ...given, [summary.kind]: { file, summary } }));
  };

  return {
    nextOf,
    artifact,
    inspection: looked?.inspection,
    live: looked?.before.live,
    inspect,
    text,
    reading,
    ownManifest,
    taken,
    documents,
    stray,
    /** There is something that would be lost. */
    isBegun: artifact !== undefined || ownManifest !== undefined || Object.keys(documents).length > 0,
    chooseModel: async (model: string | undefined): Promise<void> => {
      setNextOf(model);
      if (!artifact || !looked) return;
      const found = { ...looked, before: await before(model) };
      setLooked(found);
      if (!hasOwn.current) draw(artifact, found, model);
    },
    takeFile: (file: File): Promise<void> => {
      const kind = kindOfFile(file.name);
      if (kind === 'artifact') return takeArtifact(file);
      return kind === 'manifest' ? takeManifest(file) : takeDocument(file);
    },
    removeDocument: (name: DocumentName): void => setDocuments(({ [name]: _, ...others }) => others),
    setText,
    setValue: (path: Path, value: string | number | boolean | undefined): void =>
      setText((now) => (now === undefined ? now : edited(now, path, value, looked?.inspection))),
  };
}

export type Draft = ReturnType<typeof useDraft>;

async function inspectFile(file: File, signal: AbortSignal): Promise<Inspection> {
  const form = new FormData();
  form.set('artifact', file);
  return dataOf(
    latido.POST('/v1/models/inspect', {
      // The type knows a form's files by name; what is sent is the form.
      body: { artifact: file.name },
      bodySerializer: () => form,
      signal,
    }),
  );
}

/** What somebody has changed is no longer what the file by itself gave to know. */
function edited(
  text: string,
  path: Path,
  value: string | number | boolean | undefined,
  inspection: Inspection | undefined,
): string {
  let changed = withValue(text, path, value);
  const { manifest } = readManifest(changed);
  if (valueAt(manifest, ['inferred']) === undefined) return changed;
  changed = withValue(changed, ['inferred'], undefined);
  const inferredWords = valueAt(inspection?.manifest, ['description']);
  return valueAt(manifest, ['description']) === inferredWords
    ? withValue(changed, ['description'], undefined)
    : changed;
}
