/** The tour's steps beside the page, which stays usable all the while. */
import { Button, Group, Paper, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { TOUR_PLACES, TOUR_STEPS, type Tour, type TourStep } from './tour';
import './texts';

/** What a step speaks of comes into sight, and is where the keyboard goes on. */
function goToPlace(step: TourStep): void {
  const place = document.getElementById(TOUR_PLACES[step]);
  place?.scrollIntoView({ block: 'center' });
  (place?.querySelector<HTMLElement>('input, button, a[href]') ?? place)?.focus({ preventScroll: true });
}

export function TourPanel({ tour }: { readonly tour: Tour }) {
  const { t } = useTranslation('try');
  const id = useId();
  const { step } = tour;
  if (!step) return null;
  const at = TOUR_STEPS.indexOf(step);
  const [before, after] = [TOUR_STEPS[at - 1], TOUR_STEPS[at + 1]];
  return (
    <Paper component="section" aria-labelledby={id} withBorder radius="lg" p="md" data-tour-panel>
      <Group align="flex-start" gap="md" wrap="nowrap">
        <ThemeIcon size={36} radius="xl" variant="light" visibleFrom="xs" aria-hidden>
          <IconMapPin size={20} />
        </ThemeIcon>
        <Stack gap="xs" flex={1}>
          <div role="status">
            <Text size="xs" c="dimmed">
              {t('tour.name')} · {t('tour.step', { step: at + 1 })}
            </Text>
            <Text fw={600} id={id}>
              {t(`tour.${step}Title`)}
            </Text>
            <Text size="sm">{t(`tour.${step}`)}</Text>
          </div>
          <Group gap="xs">
            <Button size="xs" variant="light" onClick={() => goToPlace(step)}>
              {t('tour.show')}
            </Button>
            {before && (
              <Button size="xs" variant="default" onClick={() => tour.go(before)}>
                {t('tour.back')}
              </Button>
            )}
            {after ? (
              <>
                <Button size="xs" variant="default" onClick={() => tour.go(after)}>
                  {t('tour.next')}
                </Button>
                <Button size="xs" variant="subtle" onClick={tour.end}>
                  {t('tour.end')}
                </Button>
              </>
            ) : (
              <Button size="xs" variant="default" onClick={tour.end}>
                {t('tour.done')}
              </Button>
            )}
          </Group>
        </Stack>
      </Group>
    </Paper>
  );
}
