import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  ApiProblemResponse,
  Authenticated,
  Caller,
  NoApiKeys,
  Origin,
  PageQuery,
  type Page,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { createdAt } from '../created-at.js';
import { ApiKeyDto, ApiKeyPageDto, CreateApiKeyDto, NewApiKeyDto } from './api-key.dto.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('me')
@Controller('v1/me/api-keys')
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  /** One's own API keys that are not revoked, newest first. */
  @Get()
  @Authenticated()
  @NoApiKeys()
  @ApiOkResponse({ type: ApiKeyPageDto })
  list(@Caller() caller: Principal, @Query() query: PageQuery): Promise<Page<ApiKeyDto>> {
    return this.apiKeys.list(caller, query);
  }

  /** Makes an API key; the answer is the only one that shows it. */
  @Post()
  @Authenticated()
  @NoApiKeys()
  @ApiCreatedResponse({ type: NewApiKeyDto })
  @ApiProblemResponse(403, 'Only an administrator makes keys with the scope admin')
  @ApiProblemResponse(409, 'The account has as many keys as one may have')
  create(
    @Caller() caller: Principal,
    @Body() wanted: CreateApiKeyDto,
    @Origin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewApiKeyDto> {
    return createdAt('/v1/me/api-keys', reply, this.apiKeys.create(caller, wanted, origin));
  }

  /** Revokes an API key, at once. */
  @Delete(':id')
  @Authenticated()
  @NoApiKeys()
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'Revoked' })
  revoke(@Caller() caller: Principal, @Param('id') id: string, @Origin() origin: RequestOrigin): Promise<void> {
    return this.apiKeys.revoke(caller, id, origin);
  }
}
