export { educationalCards } from './educational-cards.js';
