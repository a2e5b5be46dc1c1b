import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOkResponse,
  ApiTags,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import { AcceptsForm, Origin, Public, RefusesWith, type RequestOrigin } from '#platform';
import { OAuthErrorDto } from './oauth-error.dto.js';
import { OAUTH_ERRORS } from './oauth-error.js';
import { Delivery, type RefreshDelivery } from './refresh-delivery.js';
import { SessionsService } from './sessions.service.js';
import { SigningKey, type PublicJwk } from './signing-key.js';
import { RevocationRequestDto, TokenDto, TokenRequestDto } from './token.dto.js';

const DELIVERY_HEADER = {
  name: 'X-Token-Delivery',
  required: false,
  enum: ['cookie'],
  description: 'The refresh token goes and comes as an HttpOnly cookie',
};
const FORM_OR_JSON = ['application/x-www-form-urlencoded', 'application/json'];

@ApiTags('auth')
@Controller()
export class TokenController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly key: SigningKey,
  ) {}

  /** Signs in, or continues a session (OAuth 2.0 token endpoint). */
  @Post('v1/auth/token')
  @Public()
  @AcceptsForm()
  @RefusesWith(OAUTH_ERRORS)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Header('Pragma', 'no-cache')
  @ApiHeader(DELIVERY_HEADER)
  @ApiConsumes(...FORM_OR_JSON)
  @ApiBody({ type: TokenRequestDto })
  @ApiOkResponse({ type: TokenDto })
  @ApiBadRequestResponse({ type: OAuthErrorDto, description: 'RFC 6749 §5.2' })
  @ApiTooManyRequestsResponse({ type: OAuthErrorDto, description: 'Try again after `Retry-After` seconds' })
  token(
    @Body() body: unknown,
    @Delivery() delivery: RefreshDelivery,
    @Origin() origin: RequestOrigin,
  ): Promise<TokenDto> {
    return this.sessions.grant(body, delivery, origin);
  }

  /** Ends the session of a refresh token (RFC 7009); 200 for an unknown one too. */
  @Post('v1/auth/revoke')
  @Public()
  @AcceptsForm()
  @RefusesWith(OAUTH_ERRORS)
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiHeader(DELIVERY_HEADER)
  @ApiConsumes(...FORM_OR_JSON)
  @ApiBody({ type: RevocationRequestDto })
  @ApiOkResponse({ description: 'The session is over' })
  @ApiBadRequestResponse({ type: OAuthErrorDto, description: 'No token, or one that cannot be revoked' })
  revoke(@Body() body: unknown, @Delivery() delivery: RefreshDelivery, @Origin() origin: RequestOrigin): Promise<void> {
    return this.sessions.revoke(body, delivery, origin);
  }

  /** The public keys that verify access tokens (RFC 7517). */
  @Get('.well-known/jwks.json')
  @Public()
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOkResponse({
    schema: { type: 'object', required: ['keys'], properties: { keys: { type: 'array', items: { type: 'object' } } } },
  })
  jwks(): { keys: PublicJwk[] } {
    return { keys: [this.key.jwk] };
  }
}
