/** The registry's services for a command. */
import type { INestApplicationContext } from '@nestjs/common';
import type { LatidoConfig } from '#platform';
import { withServices } from './services.js';

/** Runs `work` with the registry, and the users whom its entities refer to. @throws CommandError as `withServices` */
export async function withRegistry<T>(
  config: LatidoConfig,
  work: (services: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const [{ ModelRegistryModule }, { UsersModule }] = await Promise.all([import('#models'), import('#users')]);
  return withServices(config, [UsersModule, ModelRegistryModule], work);
}
