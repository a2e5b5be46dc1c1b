/** What the navigation leads to, and who sees it. */
import {
  IconActivityHeartbeat,
  IconBox,
  IconFileSpreadsheet,
  IconHeartRateMonitor,
  IconHistory,
  IconShieldCheck,
  IconUserCircle,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';
import type { Role } from '../session/session';

export interface NavigationPage {
  readonly name: 'try' | 'predictions' | 'batches' | 'models' | 'service' | 'users' | 'audit' | 'account';
  readonly to: string;
  readonly Icon: Icon;
  /** This one and administrators; left out: everybody. */
  readonly role?: Role;
}

export const PAGES: readonly NavigationPage[] = [
  { name: 'try', to: '/try', Icon: IconHeartRateMonitor },
  { name: 'predictions', to: '/predictions', Icon: IconHistory },
  { name: 'batches', to: '/batches', Icon: IconFileSpreadsheet },
  { name: 'models', to: '/models', Icon: IconBox },
  { name: 'service', to: '/service', Icon: IconActivityHeartbeat, role: 'admin' },
  { name: 'users', to: '/users', Icon: IconUsers, role: 'admin' },
  { name: 'audit', to: '/audit', Icon: IconShieldCheck, role: 'auditor' },
  { name: 'account', to: '/account', Icon: IconUserCircle },
];
