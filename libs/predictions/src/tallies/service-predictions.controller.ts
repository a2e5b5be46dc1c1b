import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Roles } from '#platform';
import { ServicePredictionsDto, ServicePredictionsQuery } from './service-predictions.dto.js';
import { ServicePredictions } from './service-predictions.service.js';

@ApiTags('operations')
@Controller('v1/service/predictions')
export class ServicePredictionsController {
  constructor(private readonly predictions: ServicePredictions) {}

  /**
   * What the service predicted: rows of each class and the mean score by day, model version and source, and the latest files. Counted in
   * the background from the record; `asOf` says how far.
   */
  @Get()
  @Roles('admin')
  @ApiOkResponse({ type: ServicePredictionsDto })
  overview(@Query() query: ServicePredictionsQuery): Promise<ServicePredictionsDto> {
    return this.predictions.overview(query);
  }
}
