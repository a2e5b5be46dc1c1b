/** From a model file to a version that answers, in four steps. What was filled in stays when one goes back. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelVersion } from '../api/models';
import { Dialog } from '../parts/dialog';
import { TextLink } from '../parts/links';
import { Page } from '../parts/page';
import { Trail } from '../parts/trail';
import { EvidenceStep } from './evidence-step';
import { FileStep } from './file-step';
import { ManifestStep } from './manifest-step';
import { Outcome } from './outcome';
import { PublishStep } from './publish-step';
import { STEPS, StepsNav, type Step } from './steps-nav';
import './texts';
import { useDraft } from './use-draft';
import { useManifestFaults } from './use-manifest-faults';
import { usePublication } from './use-publication';

export interface Published {
  readonly version: ModelVersion;
  /** It was not there before. */
  readonly isNew: boolean;
}

export function Publishing({ nextOf }: { readonly nextOf: string | undefined }) {
  // Begins anew with another model, and after a version was published.
  const [round, setRound] = useState(0);
  return <Wizard key={`${nextOf ?? ''} ${round}`} nextOf={nextOf} onAgain={() => setRound(round + 1)} />;
}

function Wizard({ nextOf, onAgain }: { readonly nextOf: string | undefined; readonly onAgain: () => void }) {
  const { t } = useTranslation(['publishing', 'common']);
  const draft = useDraft(nextOf);
  const publication = usePublication();
  const faults = useManifestFaults(draft, publication.refused);
  const [step, setStep] = useState<Step>('file');
  const top = useFocusOnStep(step, publication.published);
  const isReady = draft.inspection !== undefined && draft.text !== undefined;
  const { published } = publication;

  const goTo = (next: Step): void => {
    setStep(next);
    if (next === 'publish') publication.reset();
  };
  const publish = async (): Promise<void> => {
    const sound = await publication.publish(draft);
    if (sound === 'faulty') setStep('manifest');
  };
  const place = STEPS.indexOf(step);
  return (
    <>
      <Page
        title={t('title')}
        description={t('about')}
        trail={
          <Trail here={t('title')}>
            <TextLink to="/models">{t('common:nav.models')}</TextLink>
          </Trail>
        }
      >
        {published ? (
          <div ref={top} tabIndex={-1} style={{ outline: 'none' }}>
            <Outcome published={published} onAgain={onAgain} />
          </div>
        ) : (
          <Stack gap="lg">
            <StepsNav
              current={step}
              faulty={faults.isBroken || faults.all.length > 0 ? 'manifest' : undefined}
              mayGoTo={(to) => to === 'file' || isReady}
              onStep={goTo}
            />
            <div
              ref={top}
              tabIndex={-1}
              role="group"
              aria-label={t('stepOf', { step: place + 1, count: STEPS.length })}
              style={{ outline: 'none' }}
            >
              {step === 'file' && <FileStep draft={draft} />}
              {step === 'manifest' && <ManifestStep draft={draft} faults={faults} />}
              {step === 'evidence' && <EvidenceStep draft={draft} />}
              {step === 'publish' && (
                <PublishStep
                  draft={draft}
                  faults={faults}
                  publication={publication}
                  onPublish={() => void publish()}
                  onManifest={() => goTo('manifest')}
                />
              )}
            </div>
            <Group justify="space-between">
              {place > 0 ? (
                <Button variant="default" disabled={publication.isPending} onClick={() => goTo(STEPS[place - 1]!)}>
                  {t('back')}
                </Button>
              ) : (
                <span />
              )}
              {step !== 'publish' && (
                <Button disabled={!isReady} onClick={() => goTo(STEPS[place + 1]!)}>
                  {t('next')}
                </Button>
              )}
            </Group>
          </Stack>
        )}
      </Page>
      <LeaveDialog isUnsaved={draft.isBegun && !published} />
    </>
  );
}

/** Who goes on by keyboard or ear begins at the new step (WCAG 2.4.3). */
function useFocusOnStep(step: Step, published: unknown) {
  const top = useRef<HTMLDivElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      top.current?.focus({ preventScroll: true });
      window.scrollTo({ top: 0 });
    }
    isFirst.current = false;
  }, [step, published]);
  return top;
}

function LeaveDialog({ isUnsaved }: { readonly isUnsaved: boolean }) {
  const { t } = useTranslation('publishing');
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isUnsaved && current.pathname !== next.pathname,
    enableBeforeUnload: () => isUnsaved,
    withResolver: true,
  });
  return (
    <Dialog opened={blocker.status === 'blocked'} onClose={() => blocker.reset?.()} title={t('leave.title')}>
      <Stack>
        <Text size="sm">{t('leave.words')}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => blocker.reset?.()}>
            {t('leave.stay')}
          </Button>
          <Button color="alarm" onClick={() => blocker.proceed?.()}>
            {t('leave.leave')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
