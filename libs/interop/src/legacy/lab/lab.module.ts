import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LegacySharedModule } from '../shared/legacy-shared.module.js';
import { unknownRoutes } from '../shared/unknown-routes.js';
import { LabActiveModel } from './lab-active-model.js';
import { LabPointer } from './lab-pointer.entity.js';
import { LabPointerRepository } from './lab-pointer.repository.js';
import { LabController } from './lab.controller.js';
import { RefusesAsLab } from './lab.errors.js';
import { LabService } from './lab.service.js';

/** The older service with its models in a database. */
@Module({
  imports: [LegacySharedModule, TypeOrmModule.forFeature([LabPointer])],
  controllers: [LabController, unknownRoutes(LabController, RefusesAsLab)],
  providers: [LabActiveModel, LabPointerRepository, LabService],
})
export class LabLegacyModule {}
