/** Names and what they stand for, one below the other. */
import { Box, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './facts.module.css';

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
  /** A line below in small. */
  readonly hint?: ReactNode;
}

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <Box component="dl" className={classes.facts}>
      {facts.map(({ name, value, hint }) => (
        <div key={name} className={classes.fact}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Box component="dd" m={0}>
            <Text component="div" size="sm">
              {value}
            </Text>
            {hint !== undefined && (
              <Text component="div" size="xs" c="dimmed">
                {hint}
              </Text>
            )}
          </Box>
        </div>
      ))}
    </Box>
  );
}
