import { manyKills } from '../support/many-kills.ts';

manyKills('the second 250 kills', 6);
