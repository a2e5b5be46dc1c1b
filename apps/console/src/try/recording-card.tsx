/** A recording to ask about: what the model looks at, an example or one's own, and the two questions. */
import { Button, Card, Group, List, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelVersion } from '../api/models';
import { useFormat } from '../i18n/format';
import { ExamplesRow } from './examples-row';
import { keepFocus } from './keep-focus';
import { timestepsOf, type ObservationsDeclaration } from './observations';
import { ObservationsInput } from './observations-input';
import type { ReadText } from './observations-text';
import type { Example } from './queries';
import type { SlidingWindow, WindowRules } from './sliding-window';
import { SubjectField } from './subject-field';
import { useWindowFaultText, useWindowText } from './window-words';
import './texts';

interface RecordingCardProps {
  readonly version: ModelVersion;
  readonly declaration: ObservationsDeclaration;
  readonly rules: WindowRules | undefined;
  readonly examples: readonly Example[];
  readonly text: string;
  readonly read: ReadText;
  /** All that the recording holds, those that the model would refuse included. */
  readonly windows: readonly SlidingWindow[];
  /** Those that would be sent. */
  readonly sliding: { readonly windows: readonly SlidingWindow[]; readonly everyNth: number };
  readonly subject: string;
  readonly isAsking: boolean;
  readonly isSliding: boolean;
  readonly onText: (text: string) => void;
  readonly onSubject: (subject: string) => void;
  readonly onExample: (example: Example) => void;
  readonly onAsk: () => void;
  readonly onSlide: () => void;
  /** Fields of the values that do not change over time. */
  readonly children: ReactNode;
}

export function RecordingCard(props: RecordingCardProps) {
  const { version, declaration, rules, examples, text, read, windows, sliding, subject, children } = props;
  const { t } = useTranslation('try');
  const format = useFormat();
  const windowText = useWindowText();
  const readable = 'observations' in read;
  return (
    <Card component="section" aria-labelledby="recording-title">
      <Stack>
        <div>
          <Title order={2} id="recording-title">
            {t('recording')}
          </Title>
          {rules && (
            <Text size="sm" c="dimmed" className="numbers">
              {windowText(rules)}
            </Text>
          )}
        </div>
        <ExamplesRow model={version.model} examples={examples} onChoose={props.onExample} />
        <ObservationsInput text={text} read={read} declaration={declaration} onChange={props.onText} />
        {readable && <Contents {...{ read, declaration, rules }} />}
        {children}
        <SubjectField value={subject} onChange={props.onSubject} />
        <Group gap="sm">
          <Button onClick={props.onAsk} onMouseDown={keepFocus} loading={props.isAsking} disabled={!readable}>
            {t('askNow')}
          </Button>
          {rules && (
            <Button
              variant="default"
              onClick={props.onSlide}
              onMouseDown={keepFocus}
              loading={props.isSliding}
              disabled={sliding.windows.length === 0}
            >
              {t('slide')}
            </Button>
          )}
        </Group>
        {sliding.windows.length > 0 && (
          <Text size="sm" c="dimmed" className="numbers">
            {t('slideSays', { count: sliding.windows.length })}{' '}
            {sliding.everyNth > 1 && t('slideThinned', { nth: format.number(sliding.everyNth) })}
          </Text>
        )}
        <Refused windows={windows} declaration={declaration} />
      </Stack>
    </Card>
  );
}

function Contents({
  read,
  declaration,
  rules,
}: {
  readonly read: Extract<ReadText, { readonly ignored: readonly string[] }>;
  readonly declaration: ObservationsDeclaration;
  readonly rules: WindowRules | undefined;
}) {
  const { t } = useTranslation('try');
  const format = useFormat();
  const times = timestepsOf(read.observations, declaration);
  const [from, to] = [times[0], times.at(-1)];
  return (
    <div>
      {from !== undefined && to !== undefined && (
        <Text size="sm" className="numbers">
          {t('readSays', {
            count: read.observations.length,
            from: format.dateTime(new Date(from)),
            to: format.dateTime(new Date(to)),
          })}
        </Text>
      )}
      {rules && times.length < rules.samples && (
        <Text size="sm" c="red" role="alert">
          {t('tooFewSamples', { needed: format.number(rules.samples), found: format.number(times.length) })}
        </Text>
      )}
      {read.ignored.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('ignoredColumns', { columns: format.list(read.ignored) })}
        </Text>
      )}
    </div>
  );
}

/** Windows that would be refused, by reason: one of them would refuse the whole request, so they are left out. */
function Refused({
  windows,
  declaration,
}: {
  readonly windows: readonly SlidingWindow[];
  readonly declaration: ObservationsDeclaration;
}) {
  const { t } = useTranslation('try');
  const format = useFormat();
  const faultText = useWindowFaultText(declaration);
  const counts = new Map<string, number>();
  for (const { fault } of windows) {
    if (fault) counts.set(faultText(fault), (counts.get(faultText(fault)) ?? 0) + 1);
  }
  if (counts.size === 0) return null;
  return (
    <div>
      <Text size="sm">{t('windowRefused')}</Text>
      <List size="sm">
        {[...counts].map(([reason, count]) => (
          <List.Item key={reason}>{t('refusedCount', { number: format.number(count), reason })}</List.Item>
        ))}
      </List>
    </div>
  );
}
