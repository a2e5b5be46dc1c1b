/** The `Location` header of what a route created. */
import type { FastifyReply } from 'fastify';

/** Answers `created` as the body, and says where it is: under `collection` by its id. */
export async function createdAt<T extends { readonly id: string }>(
  collection: string,
  reply: FastifyReply,
  created: Promise<T>,
): Promise<T> {
  const resource = await created;
  void reply.header('location', `${collection}/${resource.id}`);
  return resource;
}
