import type { ReactNode } from 'react';
import classes from './live-status.module.css';

/** What comes of something, heard when it comes: it stands there before it says anything, and takes no room till then. */
export function LiveStatus({ children }: { readonly children: ReactNode }) {
  return (
    <div role="status" className={classes.status}>
      {children}
    </div>
  );
}
