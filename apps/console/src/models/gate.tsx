/** What the policy says of a version before it is put in service, and going on in spite of it. */
import { Alert, Checkbox, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, QueryState } from '../parts/states';
import { gateQuery } from './queries';
import './texts';

export interface GateAnswer {
  /** The policy has something against the version. */
  readonly isRefused: boolean;
  readonly override: boolean;
  readonly setOverride: (override: boolean) => void;
}

/** @param version undefined while none is chosen */
export function useGate(model: string, version: string | undefined): GateAnswer {
  // Kept by version: what was ticked for one must not hold for the next.
  const [overridden, setOverridden] = useState<string>();
  const { data } = useQuery({ ...gateQuery(model, version ?? ''), enabled: version !== undefined });
  const isRefused = version !== undefined && data?.passed === false;
  return {
    isRefused,
    override: isRefused && overridden === version,
    setOverride: (override) => setOverridden(override ? version : undefined),
  };
}

interface GateViewProps {
  readonly model: string;
  readonly version: string;
  readonly answer: GateAnswer;
  /** It was tried to go on without the tick. */
  readonly wasTried: boolean;
}

export function GateView({ model, version, answer, wasTried }: GateViewProps) {
  const { t } = useTranslation('models');
  const gate = useQuery(gateQuery(model, version));
  return (
    <QueryState query={gate} loading={<Loading lines={1} height={44} />}>
      {({ passed, objections }) =>
        passed ? (
          <Alert color="teal" variant="light" icon={<IconCheck aria-hidden />} py="xs">
            {t('gatePassed', { version })}
          </Alert>
        ) : (
          <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
            <Stack gap="xs">
              <Text size="sm">{t('gateRefused', { version })}</Text>
              <List size="sm" lang="en">
                {objections.map(({ pointer, detail }) => (
                  <List.Item key={`${pointer} ${detail}`}>{detail}</List.Item>
                ))}
              </List>
              <Checkbox
                label={t('override')}
                checked={answer.override}
                onChange={(event) => answer.setOverride(event.currentTarget.checked)}
                error={wasTried && !answer.override ? t('overrideNeeded') : undefined}
              />
            </Stack>
          </Alert>
        )
      }
    </QueryState>
  );
}
