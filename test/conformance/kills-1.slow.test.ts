import { manyKills } from '../support/many-kills.ts';

manyKills('the first 250 kills', 1);
