import { Box, Code, ScrollArea } from '@mantine/core';
import { CopyButton } from './copy-button';

/** @param label what it is, for those who hear the page */
export function CodeBlock({ code, label }: { readonly code: string; readonly label: string }) {
  return (
    <Box pos="relative">
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}>
        {/* It is the area that scrolls, and is reached by keyboard. */}
        <Code block miw="max-content" style={{ paddingInlineEnd: 48, overflow: 'visible' }}>
          {code}
        </Code>
      </ScrollArea>
      {/* Over what is scrolled under it, to the edge: nothing is read beside it. */}
      <Box
        pos="absolute"
        top={0}
        right={0}
        p={6}
        bg="light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-6))"
      >
        <CopyButton value={code} />
      </Box>
    </Box>
  );
}
