export { ContentLibrary, UnknownSources } from './content-library.js';
export { ContentModule } from './content.module.js';
