/** The page of one thing among several, where there is no such thing. */
import { IconArrowLeft, IconMapOff } from '@tabler/icons-react';
import { ButtonLink } from './links';
import { Page } from './page';
import { Empty } from './states';

interface NotThereProps {
  /** What such a page is about: "Batch". */
  readonly title: string;
  readonly heading: string;
  /** Why that may be. */
  readonly hint: string;
  /** Where the others are. */
  readonly to: '/batches' | '/predictions' | '/try';
  readonly back: string;
}

export function NotThere({ title, heading, hint, to, back }: NotThereProps) {
  return (
    <Page title={title}>
      <Empty
        title={heading}
        icon={<IconMapOff size={28} />}
        action={
          <ButtonLink to={to} leftSection={<IconArrowLeft size={16} aria-hidden />}>
            {back}
          </ButtonLink>
        }
      >
        {hint}
      </Empty>
    </Page>
  );
}
