/** What all pages stand on: theme, answers that are kept, addresses, notifications. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect } from 'react';
import { createQueryClient } from './api/query-client';
import { createConsoleRouter } from './router';
import { forgetSession, onOtherTabsSession } from './session/session';
import { contrasts, theme } from './theme';

const queryClient = createQueryClient(goToSignIn);
const router = createConsoleRouter(queryClient);

/** Styles are made at run time under a policy that asks for the page's nonce. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** To come back to the same place afterwards. */
function goToSignIn(): void {
  forgetSession();
  const { pathname, href } = router.state.location;
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { to: href, ended: true } });
}

export function App() {
  useEffect(
    () =>
      onOtherTabsSession((signedIn) => {
        // The token in this tab's memory may be another account's: the cookie is the new one's.
        if (signedIn) window.location.reload();
        else void router.navigate({ to: '/sign-in' });
      }),
    [],
  );
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
