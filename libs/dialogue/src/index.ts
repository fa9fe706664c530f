export { dialogueContext } from './context.js';
