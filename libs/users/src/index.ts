export { nameKey, PLAIN_TEXT_PATTERN } from './account-names.js';
export { ChangeUserDto, UserDto } from './user.dto.js';
export { User, USER_STATUSES, type UserStatus } from './user.entity.js';
export { usersErrors } from './users.errors.js';
export { UsersModule } from './users.module.js';
export { PRINCIPAL_TOPIC, UsersService, type NewUser } from './users.service.js';
