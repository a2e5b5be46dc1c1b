/** What all pages stand on: theme, answers that are kept, addresses, notifications. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect } from 'react';
import { createQueryClient } from './api/query-client';
import { onSessionEnd } from './api/session-end';
import { createConsoleRouter, fetchAhead } from './router';
import { forgetSession, maybeSignedIn, onOtherTabsSession } from './session/session';
import { forgetPerson } from './session/use-sign-out';
import { contrasts, theme } from './theme';

const queryClient = createQueryClient();
const router = createConsoleRouter(queryClient);
fetchAhead(router, queryClient);

/** Styles are made at run time under a policy that asks for the page's nonce. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** To come back to the same place afterwards. */
async function goToSignIn(): Promise<void> {
  const { pathname, href } = router.state.location;
  if (pathname !== '/sign-in') await router.navigate({ to: '/sign-in', search: { to: href, ended: true } });
  forgetPerson(queryClient);
}

onSessionEnd(() => {
  // Refusals that come late, when somebody has signed out or the first one was met.
  if (!maybeSignedIn()) return;
  forgetSession();
  void goToSignIn();
});

function followOtherTabs(to: 'signed-in' | 'signed-out' | 'ended'): void {
  if (to === 'ended') void goToSignIn();
  // Loaded anew, nothing of the person before is left in this tab's memory: not what was answered, and not the token.
  else if (to === 'signed-in') window.location.reload();
  else window.location.replace('/sign-in');
}

export function App() {
  useEffect(() => onOtherTabsSession(followOtherTabs), []);
  return (
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={contrasts}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <Notifications position="bottom-right" />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  );
}
