/** What is known of one thing: names and values, as a list of terms. */
import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** What has no value is left out. */
export type Fact = readonly [name: string, value: ReactNode];

export function Facts({ items }: { readonly items: readonly Fact[] }) {
  return (
    <dl className={`numbers ${classes.facts}`}>
      {items
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
