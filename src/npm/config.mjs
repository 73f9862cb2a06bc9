import './config.js';
