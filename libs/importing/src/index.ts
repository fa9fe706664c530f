export {
  importRecords,
  type ImportOptions,
  type ImportProgress,
  type ImportStores,
} from './import-records.js';
export { acceptUploads } from './http/accept-uploads.js';
export { ImportingModule } from './importing.module.js';
export { InvalidProfile } from './profile/check-profile.js';
export {
  builtInProfiles,
  loadBuiltInProfile,
  loadProfile,
  parseProfile,
  UnknownProfile,
} from './profile/load-profile.js';
export type { Profile } from './profile/profile.js';
export { UnreadableFile, type ImportSummary, type RowFinding } from './report.js';
