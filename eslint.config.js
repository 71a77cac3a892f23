import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The house: imports run one way, `main → {api, cli, adapters} → app → domain`. */
const walls = {
  domain: ['app', 'adapters', 'api', 'cli', 'web', 'portal', 'main'],
  app: ['adapters', 'api', 'cli', 'web', 'portal', 'main'],
  adapters: ['api', 'cli', 'web', 'portal', 'main'],
  cli: ['api', 'adapters', 'web', 'portal', 'main'],
  api: ['cli', 'adapters', 'web', 'portal', 'main'],
};

const wallRules = Object.entries(walls).map(([folder, forbidden]) => ({
  files: [`src/${folder}/**/*.ts`],
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `/(${forbidden.join('|')})/`,
            message: `src/${folder} may not look up or sideways: imports run main → {api, cli, adapters} → app → domain (docs/adr/0001).`,
          },
          ...(folder === 'domain' || folder === 'app'
            ? [{ regex: '^node:(?!crypto$)', message: 'domain and app do no IO; a port in src/app/ports.ts does it.' }]
            : []),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'reports', 'coverage', '.stryker-tmp', 'data'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js', 'bin/*.mjs', '*.mjs'] } } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
    },
  },
  ...wallRules,
  {
    files: ['src/domain/**/*.ts', 'src/app/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'Date', 'setTimeout', 'setInterval', 'setImmediate', 'process', 'fetch'],
      'no-restricted-properties': [
        'error',
        { object: 'Temporal', property: 'Now', message: 'The clock is an argument.' },
        { object: 'Math', property: 'random', message: 'The core gives the same bytes each time.' },
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
);
